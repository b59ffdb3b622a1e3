"""Further ways for notices, and what is kept of them."""

import courts.fields
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0006_lists_by_part'),
        ('pghistory', '0007_auto_20250421_0444'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Address',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('wechat', 'WeChat official account'), ('wecom', 'WeCom'), ('dingtalk', 'DingTalk'), ('feishu', 'Feishu')], max_length=12, verbose_name='channel')),
                ('address', courts.fields.EncryptedTextField(verbose_name='address')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'verbose_name': 'address of a channel',
                'verbose_name_plural': 'addresses of channels',
            },
        ),
        migrations.CreateModel(
            name='AddressEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('channel', models.CharField(choices=[('wechat', 'WeChat official account'), ('wecom', 'WeCom'), ('dingtalk', 'DingTalk'), ('feishu', 'Feishu')], max_length=12, verbose_name='channel')),
                ('address', courts.fields.EncryptedTextField(verbose_name='address')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='BouncingAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address_index', models.CharField(max_length=64)),
                ('status', models.CharField(max_length=12, verbose_name='status')),
                ('bounces', models.PositiveIntegerField(default=1, verbose_name='times')),
                ('first_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='first')),
                ('last_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='last')),
                ('cleared_at', models.DateTimeField(blank=True, null=True, verbose_name='used again since')),
            ],
            options={
                'verbose_name': 'bouncing address',
                'verbose_name_plural': 'bouncing addresses',
            },
        ),
        migrations.CreateModel(
            name='DeliveryReceipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('in_app', 'in the application'), ('email', 'e-mail'), ('sms', 'text message'), ('wechat', 'WeChat official account'), ('wecom', 'WeCom'), ('dingtalk', 'DingTalk'), ('feishu', 'Feishu'), ('webhook', 'signed webhook')], max_length=12, verbose_name='channel')),
                ('provider_id', models.CharField(max_length=80, verbose_name="provider's number")),
                ('outcome', models.CharField(choices=[('arrived', 'arrived'), ('failed', 'did not arrive')], max_length=8, verbose_name='what became of it')),
                ('ident', models.UUIDField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, default='', max_length=60, verbose_name='reason')),
                ('received_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='received at')),
                ('matched_at', models.DateTimeField(blank=True, null=True, verbose_name='matched at')),
            ],
            options={
                'verbose_name': 'delivery receipt',
                'verbose_name_plural': 'delivery receipts',
            },
        ),
        migrations.CreateModel(
            name='GatewayState',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('in_app', 'in the application'), ('email', 'e-mail'), ('sms', 'text message'), ('wechat', 'WeChat official account'), ('wecom', 'WeCom'), ('dingtalk', 'DingTalk'), ('feishu', 'Feishu'), ('webhook', 'signed webhook')], max_length=12, verbose_name='channel')),
                ('failures', models.PositiveIntegerField(default=0, verbose_name='failures')),
                ('opened_at', models.DateTimeField(blank=True, null=True, verbose_name='out of order since')),
                ('open_until', models.DateTimeField(blank=True, null=True, verbose_name='tried again at')),
                ('reason', models.CharField(blank=True, default='', max_length=200, verbose_name='reason')),
                ('next_slot_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'verbose_name': 'state of a gateway',
                'verbose_name_plural': 'states of gateways',
            },
        ),
        migrations.AddField(
            model_name='delivery',
            name='cost',
            field=models.DecimalField(blank=True, decimal_places=4, max_digits=10, null=True, verbose_name='cost'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='currency',
            field=models.CharField(blank=True, max_length=3, null=True, verbose_name='currency'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='possible_repeats',
            field=models.PositiveSmallIntegerField(db_default=0, default=0, help_text='Attempts made although an earlier one may have arrived.', verbose_name='possible repeats'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='provider_id',
            field=models.CharField(blank=True, max_length=80, null=True, verbose_name="provider's number"),
        ),
        migrations.AddField(
            model_name='delivery',
            name='receipt',
            field=models.CharField(blank=True, choices=[('arrived', 'arrived'), ('failed', 'did not arrive')], max_length=8, null=True, verbose_name='receipt'),
        ),
        migrations.AddField(
            model_name='delivery',
            name='receipt_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='receipt at'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='channel',
            field=models.CharField(choices=[('in_app', 'in the application'), ('email', 'e-mail'), ('sms', 'text message'), ('wechat', 'WeChat official account'), ('wecom', 'WeCom'), ('dingtalk', 'DingTalk'), ('feishu', 'Feishu'), ('webhook', 'signed webhook')], max_length=12, verbose_name='channel'),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='state',
            field=models.CharField(choices=[('pending', 'waiting'), ('sent', 'sent'), ('dead', 'given up'), ('passed_on', 'passed to the next channel'), ('dropped', 'not sent: the recipient may no longer see it')], default='pending', max_length=12, verbose_name='state'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(condition=models.Q(('provider_id__isnull', False)), fields=('channel', 'provider_id'), name='delivery_provider_uniq'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cost__isnull', True), ('currency__isnull', True)), models.Q(('cost__gte', 0), ('currency__isnull', False)), _connector='OR'), name='delivery_cost_currency'),
        ),
        migrations.AddField(
            model_name='address',
            name='contact',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='notices.contact', verbose_name='party'),
        ),
        migrations.AddField(
            model_name='address',
            name='person',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='member of staff'),
        ),
        migrations.AddField(
            model_name='addressevent',
            name='contact',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='notices.contact', verbose_name='party'),
        ),
        migrations.AddField(
            model_name='addressevent',
            name='person',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='member of staff'),
        ),
        migrations.AddField(
            model_name='addressevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='addressevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='notices.address'),
        ),
        migrations.AddConstraint(
            model_name='bouncingaddress',
            constraint=models.UniqueConstraint(fields=('address_index',), name='bouncing_address_uniq'),
        ),
        migrations.AddIndex(
            model_name='deliveryreceipt',
            index=models.Index(condition=models.Q(('matched_at__isnull', True)), fields=['channel', 'provider_id'], name='receipt_unmatched_idx'),
        ),
        migrations.AddConstraint(
            model_name='deliveryreceipt',
            constraint=models.UniqueConstraint(fields=('channel', 'provider_id', 'outcome'), name='receipt_once_uniq'),
        ),
        migrations.AddConstraint(
            model_name='gatewaystate',
            constraint=models.UniqueConstraint(fields=('channel',), name='gateway_channel_uniq'),
        ),
        migrations.AddConstraint(
            model_name='address',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('contact__isnull', True), ('person__isnull', False)), models.Q(('contact__isnull', False), ('person__isnull', True)), _connector='OR'), name='address_one_owner'),
        ),
        migrations.AddConstraint(
            model_name='address',
            constraint=models.UniqueConstraint(fields=('person', 'channel'), name='address_person_uniq'),
        ),
        migrations.AddConstraint(
            model_name='address',
            constraint=models.UniqueConstraint(fields=('contact', 'channel'), name='address_contact_uniq'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='address',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "notices_addressevent" ("address", "channel", "contact_id", "created_at", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."address", NEW."channel", NEW."contact_id", NEW."created_at", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='7e7796e88e3f8fc5b0424fdd4005d0d76fcb5903', operation='INSERT', pgid='pgtrigger_insert_insert_d158c', table='notices_address', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='address',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "notices_addressevent" ("address", "channel", "contact_id", "created_at", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."address", NEW."channel", NEW."contact_id", NEW."created_at", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;', hash='faea8486b2a8dd0d3a3a67bad320061fcf52f84f', operation='UPDATE', pgid='pgtrigger_update_update_254f4', table='notices_address', when='AFTER')),
        ),
    ]
