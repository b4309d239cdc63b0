import django_microseg.collect.fields
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('django_microseg', '0008_offers'),
    ]

    operations = [
        migrations.AddField(
            model_name='experience',
            name='offer',
            field=django_microseg.collect.fields.KeyField(blank=True, default='', help_text='the slug of an offer that this speaks of; shown only to whom it would be given', max_length=64),
        ),
    ]
