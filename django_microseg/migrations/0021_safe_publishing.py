from django.db import migrations, models
from django.db.models import Exists, OuterRef

import django_microseg.collect.fields


def discard_forgotten_drafts(apps, schema_editor):
    """A segment has one draft: those that a later version left behind were given up."""
    version = apps.get_model("django_microseg", "SegmentVersion")
    later = version.objects.filter(segment=OuterRef("segment"), number__gt=OuterRef("number"))
    version.objects.filter(Exists(later), state="draft").update(state="discarded")


class Migration(migrations.Migration):

    dependencies = [
        ('django_microseg', '0020_rfm_grid'),
    ]

    operations = [
        migrations.AlterField(
            model_name='segmentversion',
            name='state',
            field=django_microseg.collect.fields.KeyField(choices=[('draft', 'draft'), ('preparing', 'being prepared'), ('live', 'live'), ('retired', 'retired'), ('discarded', 'discarded')], default='draft', max_length=10),
        ),
        migrations.AddField(
            model_name='segmentversion',
            name='worked_at',
            field=django_microseg.collect.fields.InstantField(blank=True, editable=False, null=True),
        ),
        migrations.AlterModelOptions(
            name='segment',
            options={'ordering': ['slug'], 'permissions': [('approve_segment', 'Can approve rules of segments that others wrote')], 'verbose_name': 'segment', 'verbose_name_plural': 'segments'},
        ),
        migrations.AddField(
            model_name='segment',
            name='owner',
            field=models.CharField(blank=True, default='', help_text='who answers for it: the user name of a member of staff', max_length=150),
        ),
        migrations.AddField(
            model_name='segment',
            name='purpose',
            field=models.CharField(blank=True, default='', help_text='what it may be used for', max_length=300),
        ),
        migrations.AddField(
            model_name='segment',
            name='managed_by',
            field=models.CharField(blank=True, default='', editable=False, help_text='the file that it comes from', max_length=200),
        ),
        migrations.AddField(
            model_name='segmentversion',
            name='approved_by',
            field=models.CharField(blank=True, default='', max_length=150),
        ),
        migrations.AddField(
            model_name='segmentversion',
            name='approved_at',
            field=django_microseg.collect.fields.InstantField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='segment',
            name='in_force_from',
            field=django_microseg.collect.fields.InstantField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='segment',
            name='in_force_until',
            field=django_microseg.collect.fields.InstantField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='segmentversion',
            name='started_by_schedule',
            field=django_microseg.collect.fields.InstantField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='segmentversion',
            name='ended_by_schedule',
            field=django_microseg.collect.fields.InstantField(blank=True, editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name='segment',
            index=models.Index(condition=models.Q(('in_force_from__isnull', False), ('in_force_until__isnull', False), _connector='OR'), fields=['in_force_from', 'in_force_until'], name='microseg_segment_due'),
        ),
        migrations.RunPython(discard_forgotten_drafts, migrations.RunPython.noop),
    ]
