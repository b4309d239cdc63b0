import django.core.validators
import django_microseg.collect.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('django_microseg', '0009_experience_offer'),
    ]

    operations = [
        migrations.CreateModel(
            name='WriteKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', django_microseg.collect.fields.KeyField(help_text='Whose key this is, such as till or app. Its events carry this name as their source.', max_length=24, unique=True, validators=[django.core.validators.RegexValidator('^[a-z0-9][a-z0-9-]*\\Z', 'Use a-z, 0-9 and hyphens.')], verbose_name='name')),
                ('scope', django_microseg.collect.fields.KeyField(choices=[('server', 'server: a secret; may send everything and say who somebody is'), ('browser', 'browser: public; may send what a browser may, about anonymous visitors')], default='server', max_length=10, verbose_name='scope')),
                ('hint', django_microseg.collect.fields.KeyField(max_length=12, verbose_name='begins with')),
                ('digest', django_microseg.collect.fields.KeyField(max_length=64, unique=True)),
                ('previous_digest', django_microseg.collect.fields.KeyField(blank=True, db_index=True, default='', max_length=64)),
                ('previous_until', django_microseg.collect.fields.InstantField(blank=True, null=True, verbose_name='the key before it works until')),
                ('created_at', django_microseg.collect.fields.InstantField(verbose_name='made')),
                ('rotated_at', django_microseg.collect.fields.InstantField(blank=True, null=True, verbose_name='rotated')),
                ('revoked_at', django_microseg.collect.fields.InstantField(blank=True, null=True, verbose_name='revoked')),
                ('last_used_at', django_microseg.collect.fields.InstantField(blank=True, null=True, verbose_name='last used')),
            ],
            options={
                'verbose_name': 'write key',
                'verbose_name_plural': 'write keys',
            },
        ),
    ]
