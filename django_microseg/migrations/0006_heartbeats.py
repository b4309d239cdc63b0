import django_microseg.collect.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('django_microseg', '0005_experience_kinds'),
    ]

    operations = [
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', django_microseg.collect.fields.KeyField(max_length=20, unique=True)),
                ('seen_at', django_microseg.collect.fields.InstantField()),
            ],
            options={
                'verbose_name': 'heartbeat',
                'verbose_name_plural': 'heartbeats',
            },
        ),
    ]
