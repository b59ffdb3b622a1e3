"""All that the migrations of notices came to, in one step for a new database."""

import courts.fields
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('notices', '0001_initial'), ('notices', '0002_history_without_texts'), ('notices', '0003_lean_indexes'), ('notices', '0004_copies_without_checks'), ('notices', '0005_lean_deliveries'), ('notices', '0006_lists_by_part'), ('notices', '0007_gateways'), ('notices', '0008_gateway_indexes'), ('notices', '0009_registered_identity'), ('notices', '0010_texts_of_notices')]

    initial = True

    dependencies = [
        ('courts', '0001_squashed_0006_public_entries_and_why_it_reaches_back'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('phone', courts.fields.EncryptedTextField(blank=True, default='', verbose_name='telephone')),
                ('phone_index', models.CharField(blank=True, db_index=True, default='', max_length=64)),
                ('id_number', courts.fields.EncryptedTextField(blank=True, default='', verbose_name='identity number')),
                ('id_number_index', models.CharField(blank=True, db_index=True, default='', max_length=64)),
                ('email', courts.fields.EncryptedTextField(blank=True, default='', verbose_name='e-mail')),
                ('language', models.CharField(choices=[('zh-hans', 'Simplified Chinese'), ('en', 'English')], default='zh-hans', max_length=10, verbose_name='language')),
                ('refused_channels', models.JSONField(blank=True, default=list, verbose_name='refused channels')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('identity_kind', models.CharField(blank=True, choices=[('id_card', 'identity card'), ('lawyer_licence', 'lawyer’s licence'), ('credit_code', 'unified social credit code')], editable=False, max_length=16, null=True, verbose_name='identified by')),
            ],
            options={
                'verbose_name': 'contact',
                'verbose_name_plural': 'contacts',
                'constraints': [models.UniqueConstraint(condition=models.Q(('identity_kind__isnull', False)), fields=('identity_kind', 'id_number_index'), name='contact_identity_uniq'), models.CheckConstraint(condition=models.Q(('identity_kind__isnull', True), models.Q(('id_number_index', ''), _negated=True), _connector='OR'), name='contact_identity_has_number')],
            },
        ),
        migrations.CreateModel(
            name='ContactEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('phone', courts.fields.EncryptedTextField(blank=True, default='', verbose_name='telephone')),
                ('phone_index', models.CharField(blank=True, default='', max_length=64)),
                ('id_number', courts.fields.EncryptedTextField(blank=True, default='', verbose_name='identity number')),
                ('id_number_index', models.CharField(blank=True, default='', max_length=64)),
                ('email', courts.fields.EncryptedTextField(blank=True, default='', verbose_name='e-mail')),
                ('language', models.CharField(choices=[('zh-hans', 'Simplified Chinese'), ('en', 'English')], default='zh-hans', max_length=10, verbose_name='language')),
                ('refused_channels', models.JSONField(blank=True, default=list, verbose_name='refused channels')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='notices.contact')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('key', models.CharField(max_length=160)),
                ('kind', models.CharField(max_length=40, verbose_name='kind')),
                ('subject_kind', models.CharField(max_length=32)),
                ('subject_id', models.BigIntegerField()),
                ('params', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='read at')),
                ('contact', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='notices.contact', verbose_name='party')),
                ('person', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='member of staff')),
                ('outside_at', models.DateTimeField(editable=False, help_text='No gateway outside the application is used before; empty: at once.', null=True, verbose_name='outside from')),
            ],
            options={
                'verbose_name': 'notice',
                'verbose_name_plural': 'notices',
                'ordering': ['-created_at', '-id'],
                'indexes': [models.Index(condition=models.Q(('contact__isnull', False)), fields=['contact'], name='notice_contact_idx'), models.Index(condition=models.Q(('person__isnull', False), ('read_at__isnull', True)), fields=['person', '-created_at'], name='notice_person_unread_idx'), models.Index(condition=models.Q(('person__isnull', False), ('read_at__isnull', False)), fields=['person', '-created_at'], name='notice_person_read_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('contact__isnull', True), ('person__isnull', False)), models.Q(('contact__isnull', False), ('person__isnull', True)), _connector='OR'), name='notice_one_recipient'), models.UniqueConstraint(fields=('key',), name='notice_key_uniq')],
            },
        ),
        migrations.CreateModel(
            name='Address',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('wechat', 'WeChat official account'), ('wecom', 'WeCom'), ('dingtalk', 'DingTalk'), ('feishu', 'Feishu')], max_length=12, verbose_name='channel')),
                ('address', courts.fields.EncryptedTextField(verbose_name='address')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='entered at')),
                ('contact', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='notices.contact', verbose_name='party')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='member of staff')),
            ],
            options={
                'verbose_name': 'address of a channel',
                'verbose_name_plural': 'addresses of channels',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('contact__isnull', True), ('person__isnull', False)), models.Q(('contact__isnull', False), ('person__isnull', True)), _connector='OR'), name='address_one_owner'), models.UniqueConstraint(fields=('person', 'channel'), name='address_person_uniq'), models.UniqueConstraint(fields=('contact', 'channel'), name='address_contact_uniq')],
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
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='entered at')),
                ('contact', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='notices.contact', verbose_name='party')),
                ('person', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='member of staff')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='notices.address')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='BouncingAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address_index', models.CharField(max_length=64, verbose_name='digest of the address')),
                ('status', models.CharField(max_length=12, verbose_name='status')),
                ('bounces', models.PositiveIntegerField(default=1, verbose_name='times')),
                ('first_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='first')),
                ('last_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='last')),
                ('cleared_at', models.DateTimeField(blank=True, null=True, verbose_name='used again since')),
            ],
            options={
                'verbose_name': 'bouncing address',
                'verbose_name_plural': 'bouncing addresses',
                'constraints': [models.UniqueConstraint(fields=('address_index',), name='bouncing_address_uniq')],
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
                'indexes': [models.Index(condition=models.Q(('matched_at__isnull', True)), fields=['channel', 'provider_id'], name='receipt_unmatched_idx')],
                'constraints': [models.UniqueConstraint(fields=('channel', 'provider_id', 'outcome'), name='receipt_once_uniq')],
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
                ('next_slot_at', models.DateTimeField(blank=True, null=True, verbose_name='next slot')),
            ],
            options={
                'verbose_name': 'state of a gateway',
                'verbose_name_plural': 'states of gateways',
                'constraints': [models.UniqueConstraint(fields=('channel',), name='gateway_channel_uniq')],
            },
        ),
        migrations.CreateModel(
            name='NoticeText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, verbose_name='text')),
                ('language', models.CharField(choices=[('zh-hans', 'Simplified Chinese'), ('en', 'English')], max_length=10, verbose_name='language')),
                ('version', models.PositiveIntegerField(verbose_name='version')),
                ('subject', models.CharField(blank=True, default='', max_length=200, verbose_name='subject')),
                ('body', models.TextField(blank=True, default='', verbose_name='words')),
                ('reason', models.CharField(max_length=200, verbose_name='reason')),
                ('written_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='written at')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by')),
            ],
            options={
                'verbose_name': 'text of notices',
                'verbose_name_plural': 'texts of notices',
                'ordering': ['name', 'language', '-version'],
                'constraints': [models.UniqueConstraint(fields=('name', 'language', 'version'), name='notice_text_version_uniq'), models.CheckConstraint(condition=models.Q(models.Q(('body', ''), ('subject', '')), models.Q(models.Q(('subject', ''), _negated=True), models.Q(('body', ''), _negated=True)), _connector='OR'), name='notice_text_whole_or_shipped')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('in_app', 'in the application'), ('email', 'e-mail'), ('sms', 'text message'), ('wechat', 'WeChat official account'), ('wecom', 'WeCom'), ('dingtalk', 'DingTalk'), ('feishu', 'Feishu'), ('webhook', 'signed webhook')], max_length=12, verbose_name='channel')),
                ('state', models.CharField(choices=[('pending', 'waiting'), ('sent', 'sent'), ('dead', 'given up'), ('passed_on', 'passed to the next channel'), ('dropped', 'not sent: the recipient may no longer see it')], default='pending', max_length=12, verbose_name='state')),
                ('next_attempt_at', models.DateTimeField(blank=True, default=django.utils.timezone.now, null=True, verbose_name='next attempt')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent at')),
                ('language', models.CharField(blank=True, default='', max_length=10, verbose_name='language')),
                ('subject', models.CharField(blank=True, default='', max_length=200, verbose_name='subject of the e-mail')),
                ('body', models.TextField(blank=True, default='', verbose_name='words')),
                ('error', models.CharField(blank=True, default='', max_length=200, verbose_name='error')),
                ('notice', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='notices.notice', verbose_name='notice')),
                ('cost', models.DecimalField(blank=True, decimal_places=4, max_digits=10, null=True, verbose_name='cost')),
                ('currency', models.CharField(blank=True, max_length=3, null=True, verbose_name='currency')),
                ('possible_repeats', models.PositiveSmallIntegerField(db_default=0, default=0, help_text='Attempts made although an earlier one may have arrived.', verbose_name='possible repeats')),
                ('provider_id', models.CharField(blank=True, max_length=80, null=True, verbose_name="provider's number")),
                ('receipt', models.CharField(blank=True, choices=[('arrived', 'arrived'), ('failed', 'did not arrive')], max_length=8, null=True, verbose_name='receipt')),
                ('receipt_at', models.DateTimeField(blank=True, null=True, verbose_name='receipt at')),
                ('text', models.ForeignKey(blank=True, db_constraint=False, db_index=False, help_text='Empty: as it comes with the product.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='notices.noticetext', verbose_name='version of the text')),
            ],
            options={
                'verbose_name': 'delivery',
                'verbose_name_plural': 'deliveries',
                'indexes': [models.Index(condition=models.Q(('state', 'pending')), fields=['channel', 'attempts', 'notice'], name='delivery_claim_idx'), models.Index(condition=models.Q(('sent_at__isnull', False), models.Q(('channel', 'in_app'), _negated=True)), fields=['channel', 'sent_at'], name='delivery_sent_idx'), models.Index(condition=models.Q(('state', 'dead')), fields=['channel', 'id'], name='delivery_dead_idx')],
                'constraints': [models.UniqueConstraint(fields=('notice', 'channel'), name='delivery_channel_uniq'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at__isnull', False), _connector='OR'), name='delivery_sent_at'), models.UniqueConstraint(condition=models.Q(('provider_id__isnull', False)), fields=('channel', 'provider_id'), name='delivery_provider_uniq'), models.CheckConstraint(condition=models.Q(models.Q(('cost__isnull', True), ('currency__isnull', True)), models.Q(('cost__gte', 0), ('currency__isnull', False)), _connector='OR'), name='delivery_cost_currency')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contact',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "notices_contactevent" ("created_at", "email", "id", "id_number", "id_number_index", "language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "phone_index", "public_id", "refused_channels") VALUES (NEW."created_at", NEW."email", NEW."id", NEW."id_number", NEW."id_number_index", NEW."language", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."phone", NEW."phone_index", NEW."public_id", NEW."refused_channels"); RETURN NULL;', hash='e4d9bc935b3906e016507e16d536aeba08d45671', operation='INSERT', pgid='pgtrigger_insert_insert_14155', table='notices_contact', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contact',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."id_number" IS DISTINCT FROM (NEW."id_number") OR OLD."id_number_index" IS DISTINCT FROM (NEW."id_number_index") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."phone" IS DISTINCT FROM (NEW."phone") OR OLD."phone_index" IS DISTINCT FROM (NEW."phone_index") OR OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."refused_channels" IS DISTINCT FROM (NEW."refused_channels"))', func='INSERT INTO "notices_contactevent" ("created_at", "email", "id", "id_number", "id_number_index", "language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "phone_index", "public_id", "refused_channels") VALUES (NEW."created_at", NEW."email", NEW."id", NEW."id_number", NEW."id_number_index", NEW."language", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phone", NEW."phone_index", NEW."public_id", NEW."refused_channels"); RETURN NULL;', hash='9f5e05d3da65bf4f342db9e13078984938e9fdaf', operation='UPDATE', pgid='pgtrigger_update_update_c9b1e', table='notices_contact', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='notice',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='ee8cedf58e66b9821fae5f3a4f7805c4b5efbea0', operation='DELETE', pgid='pgtrigger_never_deleted_4ac46', table='notices_notice', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='address',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "notices_addressevent" ("address", "channel", "contact_id", "created_at", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."address", NEW."channel", NEW."contact_id", NEW."created_at", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='7e7796e88e3f8fc5b0424fdd4005d0d76fcb5903', operation='INSERT', pgid='pgtrigger_insert_insert_d158c', table='notices_address', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='address',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "notices_addressevent" ("address", "channel", "contact_id", "created_at", "id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."address", NEW."channel", NEW."contact_id", NEW."created_at", NEW."id", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;', hash='faea8486b2a8dd0d3a3a67bad320061fcf52f84f', operation='UPDATE', pgid='pgtrigger_update_update_254f4', table='notices_address', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='noticetext',
            trigger=pgtrigger.compiler.Trigger(name='written_once', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='faef278646beddee33be7084445cb95eb8157db0', operation='UPDATE OR DELETE', pgid='pgtrigger_written_once_f64f5', table='notices_noticetext', when='BEFORE')),
        ),
    ]
