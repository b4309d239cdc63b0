import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import django_microseg.collect.fields
import django_microseg.decide.models
import django_microseg.decide.offers.models
import re
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('django_microseg', '0007_kill_switch'),
    ]

    operations = [
        migrations.AddField(
            model_name='publication',
            name='offers',
            field=models.JSONField(default=list),
        ),
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', django_microseg.collect.fields.KeyField(help_text='never reused', max_length=64, unique=True, validators=[django.core.validators.RegexValidator(re.compile('^[-a-zA-Z0-9_]+\\Z'), 'Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.', 'invalid')])),
                ('name', models.CharField(help_text='shoppers do not see it', max_length=120)),
                ('headline', models.CharField(help_text='what shoppers read, also on the bill', max_length=120)),
                ('text', models.CharField(blank=True, default='', help_text='a sentence or two for shoppers', max_length=300)),
                ('kind', django_microseg.collect.fields.KeyField(choices=[('percent', 'a percentage'), ('amount', 'an amount')], default='percent', max_length=10)),
                ('percent_hundredths', models.PositiveIntegerField(blank=True, null=True)),
                ('amount_minor', models.BigIntegerField(blank=True, null=True)),
                ('currency', django_microseg.collect.fields.KeyField(default=django_microseg.decide.offers.models.shop_currency, editable=False, max_length=3)),
                ('minimum_minor', models.BigIntegerField(blank=True, null=True)),
                ('maximum_minor', models.BigIntegerField(blank=True, null=True)),
                ('segments', models.JSONField(blank=True, default=list, help_text='who gets it; with a code: who is shown it', validators=[django_microseg.decide.models.validate_segments])),
                ('match', django_microseg.collect.fields.KeyField(choices=[('any', 'any of them'), ('all', 'all of them')], default='any', max_length=3)),
                ('is_first_order', models.BooleanField(default=False, verbose_name='for a first order')),
                ('code', django_microseg.collect.fields.KeyField(blank=True, default='', help_text='whoever knows it may use it once, in any case of letters; empty: given by itself', max_length=40, validators=[django.core.validators.RegexValidator('^[A-Za-z0-9_-]+\\Z', 'A code has letters without accents, digits, - and _.')])),
                ('stacks', models.BooleanField(default=False, verbose_name='may be given with others')),
                ('state', django_microseg.collect.fields.KeyField(choices=[('draft', 'draft'), ('live', 'live'), ('paused', 'paused')], default='draft', max_length=10)),
                ('priority', models.IntegerField(default=0, help_text='decides between offers that take off the same')),
                ('starts_at', django_microseg.collect.fields.InstantField(blank=True, null=True)),
                ('ends_at', django_microseg.collect.fields.InstantField(blank=True, help_text='no longer given from then on', null=True)),
                ('created_at', django_microseg.collect.fields.InstantField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'verbose_name': 'offer',
                'verbose_name_plural': 'offers',
                'ordering': ['-created_at', 'slug'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Upper('code'), condition=models.Q(('code', ''), _negated=True), name='microseg_offer_code_once', violation_error_message='Another offer has this code already.'), models.CheckConstraint(condition=models.Q(models.Q(('amount_minor__isnull', True), ('kind', 'percent'), ('percent_hundredths__isnull', False), ('percent_hundredths__range', (1, 10000))), models.Q(('amount_minor__gt', 0), ('amount_minor__isnull', False), ('kind', 'amount'), ('percent_hundredths__isnull', True)), _connector='OR'), name='microseg_offer_value', violation_error_message='Give either a percentage above 0 and up to 100, or an amount above 0.'), models.CheckConstraint(condition=models.Q(('minimum_minor__isnull', True), ('minimum_minor__gt', 0), _connector='OR'), name='microseg_offer_minimum', violation_error_message='The least that goods must cost is above 0, or empty.'), models.CheckConstraint(condition=models.Q(('maximum_minor__isnull', True), ('maximum_minor__gt', 0), _connector='OR'), name='microseg_offer_maximum', violation_error_message='The most that is taken off is above 0, or empty.'), models.CheckConstraint(condition=models.Q(('ends_at__isnull', True), ('starts_at__isnull', True), ('ends_at__gt', models.F('starts_at')), _connector='OR'), name='microseg_offer_ends_after_start', violation_error_message='It must end after it starts.')],
            },
        ),
        migrations.CreateModel(
            name='Redemption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order_key', django_microseg.collect.fields.KeyField(max_length=100)),
                ('amount_minor', models.BigIntegerField()),
                ('currency', django_microseg.collect.fields.KeyField(max_length=3)),
                ('redeemed_at', django_microseg.collect.fields.InstantField()),
                ('returned_at', django_microseg.collect.fields.InstantField(blank=True, null=True)),
                ('offer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='redemptions', to='django_microseg.offer')),
                ('profile', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='redemptions', to='django_microseg.profile')),
            ],
            options={
                'verbose_name': 'redemption',
                'verbose_name_plural': 'redemptions',
                'ordering': ['-redeemed_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='RedemptionKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', django_microseg.collect.fields.KeyField(max_length=64)),
                ('kind', django_microseg.collect.fields.KeyField(choices=[('email', 'e-mail'), ('customer', 'customer')], max_length=10)),
                ('digest', django_microseg.collect.fields.KeyField(max_length=64)),
                ('redemption', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='keys', to='django_microseg.redemption')),
            ],
            options={
                'verbose_name': 'redemption key',
                'verbose_name_plural': 'redemption keys',
            },
        ),
        migrations.AddConstraint(
            model_name='redemption',
            constraint=models.UniqueConstraint(condition=models.Q(('returned_at__isnull', True)), fields=('order_key', 'offer'), name='microseg_redemption_once'),
        ),
        migrations.AddConstraint(
            model_name='redemption',
            constraint=models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0)), name='microseg_redemption_amount'),
        ),
        migrations.AddConstraint(
            model_name='redemptionkey',
            constraint=models.UniqueConstraint(fields=('digest', 'scope', 'kind'), name='microseg_redemption_key_once'),
        ),
    ]
