"""Accounts: companies and households, and what waits to be counted of them."""

import django.db.models.deletion
import django_microseg.collect.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('django_microseg', '0012_intake_counts'),
    ]

    operations = [
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', django_microseg.collect.fields.KeyField(max_length=200, unique=True)),
                ('name', models.CharField(blank=True, default='', max_length=200)),
                ('created_at', django_microseg.collect.fields.InstantField()),
                ('counted_at', django_microseg.collect.fields.InstantField(blank=True, db_index=True, editable=False, null=True)),
                ('members', models.PositiveIntegerField(editable=False, null=True)),
                ('buyers', models.PositiveIntegerField(editable=False, null=True)),
                ('orders', models.PositiveIntegerField(editable=False, null=True)),
                ('spend_minor', models.BigIntegerField(editable=False, null=True)),
            ],
            options={
                'verbose_name': 'account',
                'verbose_name_plural': 'accounts',
            },
        ),
        migrations.CreateModel(
            name='AccountTouch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
        ),
        migrations.AddIndex(
            model_name='fact',
            index=models.Index(condition=models.Q(('name', 'account')), fields=['name', 'text'], name='microseg_fact_account'),
        ),
        migrations.AddField(
            model_name='accounttouch',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='touches', to='django_microseg.account'),
        ),
    ]
