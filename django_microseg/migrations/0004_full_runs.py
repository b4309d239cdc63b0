import django.db.models.deletion
import django_microseg.collect.fields
from django.db import migrations, models
from django.db.models import F


def settle_what_stands(apps, schema_editor):
    """Figures from before there was a note of it count as settled; a full run left by a dead process has failed."""
    apps.get_model("django_microseg", "PopulationFact").objects.update(settled_at=F("computed_at"))
    runs = apps.get_model("django_microseg", "RefreshRun").objects
    runs.filter(kind="full", state="running").update(state="failed", error="its process died")


class Migration(migrations.Migration):

    dependencies = [
        ('django_microseg', '0003_segment_sizes'),
    ]

    operations = [
        migrations.CreateModel(
            name='RefreshShard',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('low', models.BigIntegerField()),
                ('high', models.BigIntegerField()),
                ('reached', models.BigIntegerField(help_text='the last profile id that has been done')),
                ('state', django_microseg.collect.fields.KeyField(choices=[('waiting', 'waiting'), ('taken', 'taken'), ('done', 'done'), ('parked', 'parked')], default='waiting', max_length=10)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('taken_at', django_microseg.collect.fields.InstantField(null=True)),
                ('profiles', models.PositiveIntegerField(default=0)),
                ('entered', models.PositiveIntegerField(default=0)),
                ('left', models.PositiveIntegerField(default=0)),
                ('error', models.TextField(blank=True, default='')),
            ],
            options={
                'verbose_name': 'refresh shard',
                'verbose_name_plural': 'refresh shards',
            },
        ),
        migrations.AddField(
            model_name='populationfact',
            name='settled_at',
            field=django_microseg.collect.fields.InstantField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='refreshrun',
            name='as_of',
            field=django_microseg.collect.fields.InstantField(null=True),
        ),
        migrations.AddField(
            model_name='refreshrun',
            name='asked_by',
            field=models.CharField(blank=True, default='', max_length=150),
        ),
        migrations.AddField(
            model_name='refreshrun',
            name='by',
            field=django_microseg.collect.fields.KeyField(blank=True, default='', help_text='fold or scan', max_length=8),
        ),
        migrations.AddField(
            model_name='refreshrun',
            name='measured_at',
            field=django_microseg.collect.fields.InstantField(help_text="when the shop's own figures had been computed", null=True),
        ),
        migrations.AddField(
            model_name='refreshrun',
            name='total',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='refreshrun',
            name='state',
            field=django_microseg.collect.fields.KeyField(choices=[('running', 'running'), ('done', 'done'), ('failed', 'failed'), ('cancelled', 'cancelled')], default='running', max_length=10),
        ),
        migrations.RunPython(settle_what_stands, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name='refreshrun',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'full'), ('state', 'running')), fields=('kind',), name='microseg_one_full_run'),
        ),
        migrations.AddField(
            model_name='refreshshard',
            name='run',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shards', to='django_microseg.refreshrun'),
        ),
        migrations.AddConstraint(
            model_name='refreshshard',
            constraint=models.UniqueConstraint(fields=('run', 'low'), name='microseg_shard_once'),
        ),
    ]
