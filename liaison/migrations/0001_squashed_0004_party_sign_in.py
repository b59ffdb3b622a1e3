"""All that the migrations of liaison came to, in one step for a new database."""

import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
import django_fsm
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('liaison', '0001_initial'), ('liaison', '0002_initial'), ('liaison', '0003_history_without_texts'), ('liaison', '0004_party_sign_in')]

    initial = True

    dependencies = [
        ('courts', '0001_squashed_0006_public_entries_and_why_it_reaches_back'),
        ('notices', '0001_squashed_0010_texts_of_notices'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='Request',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('number', models.CharField(max_length=24, unique=True, verbose_name='request number')),
                ('channel', models.CharField(choices=[('hall', 'litigation service hall'), ('inquiry_machine', 'wall-mounted inquiry machine'), ('service_machine', 'integrated service machine'), ('website', 'court website'), ('hotline', '12368 litigation service hotline'), ('text_message', 'text message'), ('wechat', 'WeChat official account'), ('mini_program', 'micro court mini-program'), ('president_mailbox', "president's mailbox"), ('online_complaint', 'online complaint and report')], max_length=24, verbose_name='channel')),
                ('matter', models.CharField(choices=[('contact_judge', 'contact the judge'), ('case_inquiry', 'case inquiry'), ('consultation', 'litigation consultation'), ('issue_documents', 'issue of documents'), ('materials', 'receipt and transfer of materials'), ('opinions', 'opinions and suggestions'), ('other', 'other')], max_length=24, verbose_name='matter')),
                ('procedure', models.CharField(blank=True, choices=[('summary', 'simple matter, answered on the spot'), ('ordinary', 'ordinary matter, dispatched as work order')], default='', max_length=12, verbose_name='procedure')),
                ('title', models.CharField(max_length=200, verbose_name='subject')),
                ('text', models.TextField(verbose_name='message')),
                ('judge_name', models.CharField(blank=True, default='', max_length=60, verbose_name='judge asked for')),
                ('case_number', models.CharField(blank=True, default='', max_length=60, verbose_name='case number')),
                ('case_year', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='year')),
                ('case_court_code', models.CharField(blank=True, default='', max_length=16, verbose_name='court code')),
                ('case_type_code', models.CharField(blank=True, default='', max_length=20, verbose_name='case-type code')),
                ('case_serial', models.CharField(blank=True, default='', max_length=16, verbose_name='serial number')),
                ('case_suffix', models.CharField(blank=True, default='', max_length=16, verbose_name='suffix')),
                ('state', django_fsm.FSMField(choices=[('registered', 'waiting at the desk'), ('routed', 'being handled'), ('returned', 'returned to the desk'), ('answered', 'answered'), ('closed', 'closed'), ('withdrawn', 'withdrawn'), ('merged', 'merged into another')], default='registered', max_length=50, protected=True, verbose_name='state')),
                ('registered_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='registered')),
                ('triaged_at', models.DateTimeField(blank=True, null=True, verbose_name='triaged')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                ('disputed_at', models.DateTimeField(blank=True, null=True, verbose_name='disputed')),
                ('dispute_text', models.TextField(blank=True, default='', verbose_name='why the party disputes the reply')),
                ('api_client', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courts.apiclient', verbose_name='API client')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='notices.contact', verbose_name='party')),
                ('court', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courts.court', verbose_name='court')),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courts.department', verbose_name='department')),
                ('follows', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followed_by', to='liaison.request', verbose_name='continues')),
                ('jurisdiction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courts.jurisdiction', verbose_name='jurisdiction')),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='liaison.request', verbose_name='merged into')),
                ('registered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='registered by')),
            ],
            options={
                'verbose_name': 'request',
                'verbose_name_plural': 'requests',
                'ordering': ['-registered_at', '-id'],
                'indexes': [models.Index(condition=models.Q(('state__in', ['registered', 'returned'])), fields=['court', 'registered_at', 'id'], name='request_desk_idx'), models.Index(fields=['court', '-registered_at', '-id'], name='request_court_idx'), models.Index(fields=['contact'], name='request_contact_idx'), models.Index(condition=models.Q(('api_client__isnull', False)), fields=['api_client', '-id'], name='request_api_client_idx'), models.Index(condition=models.Q(('case_number', ''), _negated=True), fields=['case_number'], name='request_case_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['registered', 'routed', 'returned', 'answered', 'closed', 'withdrawn', 'merged'])), name='request_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('merged_into__isnull', False), ('state', 'merged')), models.Q(models.Q(('state', 'merged'), _negated=True), ('merged_into__isnull', True)), _connector='OR'), name='request_merged_into'), models.CheckConstraint(condition=models.Q(('merged_into', models.F('id')), _negated=True), name='request_not_merged_into_itself'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'answered'), _negated=True), ('answered_at__isnull', False), _connector='OR'), name='request_answered_at')],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name='RequestEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('number', models.CharField(max_length=24, verbose_name='request number')),
                ('channel', models.CharField(choices=[('hall', 'litigation service hall'), ('inquiry_machine', 'wall-mounted inquiry machine'), ('service_machine', 'integrated service machine'), ('website', 'court website'), ('hotline', '12368 litigation service hotline'), ('text_message', 'text message'), ('wechat', 'WeChat official account'), ('mini_program', 'micro court mini-program'), ('president_mailbox', "president's mailbox"), ('online_complaint', 'online complaint and report')], max_length=24, verbose_name='channel')),
                ('matter', models.CharField(choices=[('contact_judge', 'contact the judge'), ('case_inquiry', 'case inquiry'), ('consultation', 'litigation consultation'), ('issue_documents', 'issue of documents'), ('materials', 'receipt and transfer of materials'), ('opinions', 'opinions and suggestions'), ('other', 'other')], max_length=24, verbose_name='matter')),
                ('procedure', models.CharField(blank=True, choices=[('summary', 'simple matter, answered on the spot'), ('ordinary', 'ordinary matter, dispatched as work order')], default='', max_length=12, verbose_name='procedure')),
                ('case_number', models.CharField(blank=True, default='', max_length=60, verbose_name='case number')),
                ('case_year', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='year')),
                ('case_court_code', models.CharField(blank=True, default='', max_length=16, verbose_name='court code')),
                ('case_type_code', models.CharField(blank=True, default='', max_length=20, verbose_name='case-type code')),
                ('case_serial', models.CharField(blank=True, default='', max_length=16, verbose_name='serial number')),
                ('case_suffix', models.CharField(blank=True, default='', max_length=16, verbose_name='suffix')),
                ('state', django_fsm.FSMField(choices=[('registered', 'waiting at the desk'), ('routed', 'being handled'), ('returned', 'returned to the desk'), ('answered', 'answered'), ('closed', 'closed'), ('withdrawn', 'withdrawn'), ('merged', 'merged into another')], default='registered', max_length=50, protected=True, verbose_name='state')),
                ('registered_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='registered')),
                ('triaged_at', models.DateTimeField(blank=True, null=True, verbose_name='triaged')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                ('disputed_at', models.DateTimeField(blank=True, null=True, verbose_name='disputed')),
                ('api_client', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='courts.apiclient', verbose_name='API client')),
                ('contact', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='notices.contact', verbose_name='party')),
                ('court', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='courts.court', verbose_name='court')),
                ('department', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='courts.department', verbose_name='department')),
                ('follows', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='liaison.request', verbose_name='continues')),
                ('jurisdiction', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='courts.jurisdiction', verbose_name='jurisdiction')),
                ('merged_into', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='liaison.request', verbose_name='merged into')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='liaison.request')),
                ('registered_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='registered by')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='TimelineEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=32, verbose_name='kind')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
                ('actor', models.CharField(choices=[('party', 'party'), ('staff', 'court staff'), ('platform', 'the platform')], max_length=12, verbose_name='who')),
                ('params', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='details')),
                ('text', models.TextField(blank=True, default='', verbose_name='text')),
                ('is_public', models.BooleanField(default=False, verbose_name='the party may read it')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='timeline', to='liaison.request', verbose_name='request')),
            ],
            options={
                'verbose_name': 'timeline entry',
                'verbose_name_plural': 'timeline entries',
                'ordering': ['at', 'id'],
                'indexes': [models.Index(fields=['request', 'at'], name='timeline_request_idx')],
            },
        ),
        migrations.CreateModel(
            name='PartySignIn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('phone_index', models.CharField(max_length=64)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked for')),
                ('ends_at', models.DateTimeField(verbose_name='good until')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='wrong attempts')),
                ('used_at', models.DateTimeField(blank=True, null=True, verbose_name='used')),
                ('are_words_kept', models.BooleanField(default=True, verbose_name='its message still holds the code')),
                ('contact', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='notices.contact')),
            ],
            options={
                'verbose_name': 'sign-in of a party',
                'verbose_name_plural': 'sign-ins of parties',
                'indexes': [models.Index(fields=['phone_index', '-asked_at'], name='party_sign_in_phone_idx'), models.Index(condition=models.Q(('are_words_kept', True), ('contact__isnull', False)), fields=['ends_at'], name='party_sign_in_words_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gte', models.F('asked_at'))), name='party_sign_in_ends')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='request',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "liaison_requestevent" ("answered_at", "api_client_id", "case_court_code", "case_number", "case_serial", "case_suffix", "case_type_code", "case_year", "channel", "contact_id", "court_id", "department_id", "disputed_at", "ended_at", "follows_id", "id", "jurisdiction_id", "matter", "merged_into_id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "procedure", "public_id", "registered_at", "registered_by_id", "state", "triaged_at") VALUES (NEW."answered_at", NEW."api_client_id", NEW."case_court_code", NEW."case_number", NEW."case_serial", NEW."case_suffix", NEW."case_type_code", NEW."case_year", NEW."channel", NEW."contact_id", NEW."court_id", NEW."department_id", NEW."disputed_at", NEW."ended_at", NEW."follows_id", NEW."id", NEW."jurisdiction_id", NEW."matter", NEW."merged_into_id", NEW."number", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."procedure", NEW."public_id", NEW."registered_at", NEW."registered_by_id", NEW."state", NEW."triaged_at"); RETURN NULL;', hash='c65bf63d95f400fbe2fc814c2a3fe9801e2600d2', operation='INSERT', pgid='pgtrigger_insert_insert_0bb2c', table='liaison_request', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='request',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."answered_at" IS DISTINCT FROM (NEW."answered_at") OR OLD."api_client_id" IS DISTINCT FROM (NEW."api_client_id") OR OLD."case_court_code" IS DISTINCT FROM (NEW."case_court_code") OR OLD."case_number" IS DISTINCT FROM (NEW."case_number") OR OLD."case_serial" IS DISTINCT FROM (NEW."case_serial") OR OLD."case_suffix" IS DISTINCT FROM (NEW."case_suffix") OR OLD."case_type_code" IS DISTINCT FROM (NEW."case_type_code") OR OLD."case_year" IS DISTINCT FROM (NEW."case_year") OR OLD."channel" IS DISTINCT FROM (NEW."channel") OR OLD."contact_id" IS DISTINCT FROM (NEW."contact_id") OR OLD."court_id" IS DISTINCT FROM (NEW."court_id") OR OLD."department_id" IS DISTINCT FROM (NEW."department_id") OR OLD."disputed_at" IS DISTINCT FROM (NEW."disputed_at") OR OLD."ended_at" IS DISTINCT FROM (NEW."ended_at") OR OLD."follows_id" IS DISTINCT FROM (NEW."follows_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."jurisdiction_id" IS DISTINCT FROM (NEW."jurisdiction_id") OR OLD."matter" IS DISTINCT FROM (NEW."matter") OR OLD."merged_into_id" IS DISTINCT FROM (NEW."merged_into_id") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."procedure" IS DISTINCT FROM (NEW."procedure") OR OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."registered_at" IS DISTINCT FROM (NEW."registered_at") OR OLD."registered_by_id" IS DISTINCT FROM (NEW."registered_by_id") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."triaged_at" IS DISTINCT FROM (NEW."triaged_at"))', func='INSERT INTO "liaison_requestevent" ("answered_at", "api_client_id", "case_court_code", "case_number", "case_serial", "case_suffix", "case_type_code", "case_year", "channel", "contact_id", "court_id", "department_id", "disputed_at", "ended_at", "follows_id", "id", "jurisdiction_id", "matter", "merged_into_id", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "procedure", "public_id", "registered_at", "registered_by_id", "state", "triaged_at") VALUES (NEW."answered_at", NEW."api_client_id", NEW."case_court_code", NEW."case_number", NEW."case_serial", NEW."case_suffix", NEW."case_type_code", NEW."case_year", NEW."channel", NEW."contact_id", NEW."court_id", NEW."department_id", NEW."disputed_at", NEW."ended_at", NEW."follows_id", NEW."id", NEW."jurisdiction_id", NEW."matter", NEW."merged_into_id", NEW."number", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."procedure", NEW."public_id", NEW."registered_at", NEW."registered_by_id", NEW."state", NEW."triaged_at"); RETURN NULL;', hash='9b063a29d69415868a2aef8180cdf89c5c4029f7', operation='UPDATE', pgid='pgtrigger_update_update_d2c52', table='liaison_request', when='AFTER')),
        ),
    ]
