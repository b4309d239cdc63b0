
import django_microseg.collect.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('django_microseg', '0023_personas_and_areas'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='profile',
            options={'permissions': [('export_person', 'Can hand out everything that is held of a person'), ('erase_person', 'Can erase a person')], 'verbose_name': 'profile', 'verbose_name_plural': 'profiles'},
        ),
        migrations.CreateModel(
            name='DismissedAlert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', django_microseg.collect.fields.KeyField(max_length=120, unique=True)),
                ('state', models.CharField(max_length=200)),
                ('dismissed_by', models.CharField(blank=True, default='', max_length=150)),
                ('dismissed_at', django_microseg.collect.fields.InstantField()),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='IntakeMinute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('minute', django_microseg.collect.fields.InstantField(unique=True)),
                ('stored', models.PositiveBigIntegerField(default=0)),
                ('refused', models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='Overview',
            fields=[
            ],
            options={
                'verbose_name': 'overview',
                'verbose_name_plural': ' Overview',
                'proxy': True,
                'default_permissions': (),
                'indexes': [],
                'constraints': [],
            },
            bases=('django_microseg.segment',),
        ),
        migrations.AddField(
            model_name='refreshrun',
            name='seen_at',
            field=django_microseg.collect.fields.InstantField(help_text='the last sign of life of whoever works on it, but for full runs', null=True),
        ),
    ]
