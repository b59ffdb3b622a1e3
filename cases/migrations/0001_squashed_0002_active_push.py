"""All that the migrations of cases came to, in one step for a new database."""

import courts.fields
import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('cases', '0001_the_case_mirror'), ('cases', '0002_active_push')]

    initial = True

    dependencies = [
        ('courts', '0001_squashed_0006_public_entries_and_why_it_reaches_back'),
        ('notices', '0001_squashed_0010_texts_of_notices'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('source', models.CharField(default='trial', max_length=20, verbose_name='source')),
                ('source_id', models.CharField(max_length=64, verbose_name='number in the source')),
                ('number', models.CharField(max_length=80, verbose_name='case number')),
                ('number_key', models.CharField(editable=False, help_text='One spelling for one case: what a case number is looked for by.', max_length=100)),
                ('department_name', models.CharField(blank=True, default='', max_length=100, verbose_name='department as given')),
                ('judge_code', models.CharField(blank=True, default='', max_length=60, verbose_name='staff number of the judge as given')),
                ('judge_name', models.CharField(blank=True, default='', max_length=60, verbose_name='judge as given')),
                ('procedure_code', models.CharField(blank=True, max_length=40, verbose_name='code of the procedure')),
                ('procedure_name', models.CharField(blank=True, max_length=100, verbose_name='procedure')),
                ('cause_code', models.CharField(blank=True, max_length=40, verbose_name='code of the cause')),
                ('cause_name', models.CharField(blank=True, max_length=200, verbose_name='cause of action')),
                ('filed_on', models.DateField(blank=True, null=True, verbose_name='filed on')),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='closed on')),
                ('closing_mode', models.CharField(blank=True, default='', max_length=60, verbose_name='mode of closing')),
                ('sensitivity', models.CharField(choices=[('none', 'none'), ('divorce', 'divorce'), ('minors', 'minors'), ('domestic_violence', 'domestic violence'), ('secret', 'secret')], default='none', max_length=20, verbose_name='sensitive matter')),
                ('is_withdrawn', models.BooleanField(default=False, help_text='The source says that it was entered in error.', verbose_name='withdrawn')),
                ('sequence', models.BigIntegerField(verbose_name='sequence')),
                ('digest', models.BinaryField(max_length=16)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='first received')),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='last changed')),
                ('court', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courts.court', verbose_name='court')),
                ('department', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courts.department', verbose_name='department')),
                ('judge', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='handling judge')),
            ],
            options={
                'verbose_name': 'case',
                'verbose_name_plural': 'cases',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['number_key'], name='case_number_key_idx'), models.Index(fields=['court', '-id'], name='case_court_idx'), models.Index(condition=models.Q(('judge__isnull', False)), fields=['judge', '-id'], name='case_judge_idx')],
                'constraints': [models.UniqueConstraint(fields=('source', 'source_id'), name='case_source_uniq'), models.CheckConstraint(condition=models.Q(('source_id', ''), _negated=True), name='case_has_source_id'), models.CheckConstraint(condition=models.Q(('closed_on__isnull', True), ('filed_on__isnull', True), ('closed_on__gte', models.F('filed_on')), _connector='OR'), name='case_closed_after_filed'), models.CheckConstraint(condition=models.Q(('sensitivity__in', ['none', 'divorce', 'minors', 'domestic_violence', 'secret'])), name='case_sensitivity_known')],
            },
        ),
        migrations.CreateModel(
            name='CaseNode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(default='trial', max_length=20, verbose_name='source')),
                ('node_id', models.CharField(max_length=64, verbose_name='number of the node in the source')),
                ('revision', models.PositiveIntegerField(default=1, verbose_name='revision')),
                ('kind', models.CharField(max_length=40, verbose_name='node')),
                ('occurred_at', models.DateTimeField(verbose_name='occurred at')),
                ('details', models.JSONField(blank=True, default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='details')),
                ('is_withdrawn', models.BooleanField(default=False, verbose_name='withdrawn')),
                ('is_current', models.BooleanField(default=True, verbose_name='latest revision')),
                ('sequence', models.BigIntegerField(verbose_name='sequence')),
                ('digest', models.BinaryField(max_length=16)),
                ('received_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='received at')),
                ('case', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='nodes', to='cases.case', verbose_name='case')),
            ],
            options={
                'verbose_name': 'node',
                'verbose_name_plural': 'nodes',
                'ordering': ['case_id', 'occurred_at', 'id'],
                'indexes': [models.Index(fields=['case', 'occurred_at'], name='case_node_case_idx')],
                'constraints': [models.UniqueConstraint(fields=('source', 'node_id', 'revision'), name='case_node_revision_uniq'), models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('source', 'node_id'), name='case_node_current_uniq')],
            },
        ),
        migrations.CreateModel(
            name='CaseParticipant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source_id', models.CharField(max_length=64, verbose_name='number in the source')),
                ('name', models.CharField(max_length=60, verbose_name='name as given')),
                ('role', models.CharField(choices=[('plaintiff', 'plaintiff'), ('defendant', 'defendant'), ('third_party', 'third party'), ('appellant', 'appellant'), ('appellee', 'appellee'), ('applicant', 'applicant'), ('respondent', 'respondent'), ('enforcement_applicant', 'applicant for enforcement'), ('enforcement_respondent', 'person subject to enforcement'), ('accused', 'accused'), ('victim', 'victim'), ('other', 'other participant')], max_length=24, verbose_name='side')),
                ('capacity', models.CharField(choices=[('party', 'party'), ('statutory_agent', 'statutory agent'), ('litigation_agent', 'litigation agent'), ('defender', 'defender')], max_length=20, verbose_name='capacity')),
                ('represents_source_id', models.CharField(blank=True, default='', max_length=64, verbose_name='represents, as given')),
                ('left_at', models.DateTimeField(blank=True, null=True, verbose_name='left at')),
                ('is_removed', models.BooleanField(default=False, help_text='The source says that it was entered in error.', verbose_name='removed')),
                ('sequence', models.BigIntegerField(verbose_name='sequence')),
                ('digest', models.BinaryField(max_length=16)),
                ('case', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='participants', to='cases.case', verbose_name='case')),
                ('contact', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='notices.contact', verbose_name='contact')),
                ('represents', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='represented_by', to='cases.caseparticipant', verbose_name='represents')),
            ],
            options={
                'verbose_name': 'participant',
                'verbose_name_plural': 'participants',
                'ordering': ['case_id', 'id'],
                'indexes': [models.Index(condition=models.Q(('contact__isnull', False)), fields=['contact', 'case'], name='participant_contact_idx')],
                'constraints': [models.UniqueConstraint(fields=('case', 'source_id'), name='participant_source_uniq'), models.CheckConstraint(condition=models.Q(('represents__isnull', True), models.Q(('represents', models.F('id')), _negated=True), _connector='OR'), name='participant_not_own_agent')],
            },
        ),
        migrations.CreateModel(
            name='ImportRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('source', models.CharField(default='trial', max_length=20, verbose_name='source')),
                ('kind', models.CharField(choices=[('full', 'full file'), ('incremental', 'incremental file'), ('api', 'machine interface')], max_length=12, verbose_name='kind')),
                ('format', models.CharField(choices=[('csv', 'CSV'), ('jsonl', 'JSON lines'), ('api', 'machine interface')], max_length=8, verbose_name='form')),
                ('file_name', models.CharField(max_length=200, verbose_name='file')),
                ('digest', models.CharField(blank=True, default='', max_length=64, verbose_name='digest of the file')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('running', 'running'), ('ended', 'ended'), ('failed', 'failed')], default='waiting', max_length=12, verbose_name='state')),
                ('error', models.CharField(blank=True, default='', max_length=60, verbose_name='error')),
                ('bytes_total', models.BigIntegerField(default=0, verbose_name='bytes')),
                ('bytes_done', models.BigIntegerField(default=0, verbose_name='bytes done')),
                ('lines_done', models.BigIntegerField(default=0, verbose_name='lines done')),
                ('created', models.BigIntegerField(default=0, verbose_name='created')),
                ('updated', models.BigIntegerField(default=0, verbose_name='updated')),
                ('unchanged', models.BigIntegerField(default=0, verbose_name='unchanged')),
                ('out_of_date', models.BigIntegerField(default=0, verbose_name='out of date')),
                ('rejected', models.BigIntegerField(default=0, verbose_name='rejected')),
                ('replayed', models.BigIntegerField(default=0, help_text='Lines of earlier runs, or of this one, for which what they waited for came.', verbose_name='taken from quarantine')),
                ('not_in_file', models.BigIntegerField(blank=True, help_text='Of a full file: cases of the source that it does not name. They are kept.', null=True, verbose_name='cases not in the file')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='handed in')),
                ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='started at')),
                ('moved_at', models.DateTimeField(blank=True, null=True, verbose_name='last batch at')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended at')),
                ('jurisdiction', models.ForeignKey(blank=True, help_text='Whose courts alone it may write to; empty: to all.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courts.jurisdiction', verbose_name='jurisdiction')),
                ('started_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='started by')),
            ],
            options={
                'verbose_name': 'import run',
                'verbose_name_plural': 'import runs',
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('state__in', ['waiting', 'running'])), fields=['id'], name='import_run_open_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('kind', 'api')), fields=('source', 'file_name'), name='import_run_api_day_uniq'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'ended'), _negated=True), ('ended_at__isnull', False), _connector='OR'), name='import_run_ended_at')],
            },
        ),
        migrations.CreateModel(
            name='ImportChunk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('sealed', models.BinaryField()),
                ('run', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='chunks', to='cases.importrun')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('run', 'number'), name='import_chunk_uniq')],
            },
        ),
        migrations.CreateModel(
            name='RegisteredContact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=20, verbose_name='source')),
                ('sequence', models.BigIntegerField(verbose_name='sequence')),
                ('phone_sequence', models.BigIntegerField(blank=True, null=True, verbose_name='sequence of the telephone')),
                ('contact', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='notices.contact', verbose_name='contact')),
            ],
            options={
                'verbose_name': 'registered contact',
                'verbose_name_plural': 'registered contacts',
                'constraints': [models.UniqueConstraint(fields=('contact', 'source'), name='registered_contact_uniq')],
            },
        ),
        migrations.CreateModel(
            name='RejectedLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line_number', models.BigIntegerField(verbose_name='line')),
                ('record_kind', models.CharField(blank=True, default='', max_length=12, verbose_name='record')),
                ('field', models.CharField(blank=True, default='', max_length=80, verbose_name='field')),
                ('reason', models.CharField(max_length=32, verbose_name='reason')),
                ('params', models.JSONField(blank=True, default=dict, verbose_name='details')),
                ('record', courts.fields.EncryptedTextField(verbose_name='line as it came')),
                ('digest', models.BinaryField(max_length=16)),
                ('source', models.CharField(max_length=20, verbose_name='source')),
                ('waits_for', models.CharField(blank=True, default='', max_length=64, verbose_name='waits for case')),
                ('state', models.CharField(choices=[('quarantined', 'in quarantine'), ('replayed', 'replayed'), ('dropped', 'dropped'), ('repeated', 'came again')], default='quarantined', max_length=12, verbose_name='state')),
                ('rejected_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='rejected at')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='settled at')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rejected_lines', to='cases.importrun', verbose_name='run')),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='settled by')),
            ],
            options={
                'verbose_name': 'rejected line',
                'verbose_name_plural': 'rejected lines',
                'ordering': ['-run_id', 'line_number', 'id'],
                'indexes': [models.Index(condition=models.Q(('state', 'quarantined'), models.Q(('waits_for', ''), _negated=True)), fields=['source', 'waits_for'], name='rejected_line_waits_idx'), models.Index(condition=models.Q(('state', 'dropped')), fields=['source', 'digest'], name='rejected_line_dropped_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'quarantined')), fields=('source', 'digest'), name='rejected_line_waits_once'), models.CheckConstraint(condition=models.Q(('state', 'quarantined'), ('settled_at__isnull', False), _connector='OR'), name='rejected_line_settled_at')],
            },
        ),
        migrations.CreateModel(
            name='PushDigest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('opened_at', models.DateTimeField(verbose_name='opened at')),
                ('closes_at', models.DateTimeField(verbose_name='closes at')),
                ('contact', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='notices.contact')),
            ],
            options={
                'verbose_name': 'collected message',
                'verbose_name_plural': 'collected messages',
                'indexes': [models.Index(fields=['contact', 'closes_at'], name='push_digest_open_idx')],
                'constraints': [models.UniqueConstraint(fields=('contact', 'opened_at'), name='push_digest_uniq'), models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opened_at'))), name='push_digest_lasts')],
            },
        ),
        migrations.CreateModel(
            name='Push',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.BigIntegerField(default=0)),
                ('manner', models.CharField(choices=[('news', 'news'), ('corrected', 'correction'), ('withdrawn', 'withdrawal'), ('restored', 'stands again')], max_length=12, verbose_name='manner')),
                ('pushed_at', models.DateTimeField(verbose_name='pushed at')),
                ('contact', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='notices.contact', verbose_name='party')),
                ('node', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='pushes', to='cases.casenode', verbose_name='node')),
                ('digest', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pushes', to='cases.pushdigest', verbose_name='collected message')),
            ],
            options={
                'verbose_name': 'push',
                'verbose_name_plural': 'pushes',
                'indexes': [models.Index(fields=['contact', 'pushed_at'], name='push_contact_idx'), models.Index(condition=models.Q(('digest__isnull', False)), fields=['digest'], name='push_digest_idx')],
                'constraints': [models.UniqueConstraint(fields=('node', 'contact', 'step'), name='push_once_uniq'), models.CheckConstraint(condition=models.Q(models.Q(('manner__in', ['news', 'corrected']), ('step', 0)), ('manner__in', ['withdrawn', 'restored']), _connector='OR'), name='push_step_of_manner')],
            },
        ),
        migrations.CreateModel(
            name='PushPreference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(blank=True, default='', max_length=40, verbose_name='node')),
                ('is_wanted', models.BooleanField(verbose_name='wanted')),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='changed at')),
                ('contact', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='notices.contact', verbose_name='party')),
            ],
            options={
                'verbose_name': 'wish about active push',
                'verbose_name_plural': 'wishes about active push',
                'constraints': [models.UniqueConstraint(fields=('contact', 'kind'), name='push_preference_uniq')],
            },
        ),
        migrations.CreateModel(
            name='PushPreferenceEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(blank=True, default='', max_length=40, verbose_name='node')),
                ('is_wanted', models.BooleanField(verbose_name='wanted')),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='changed at')),
                ('contact', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='notices.contact', verbose_name='party')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='cases.pushpreference')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PushTally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=20, verbose_name='source')),
                ('day', models.DateField(verbose_name='day')),
                ('arrived', models.BigIntegerField(default=0, verbose_name='nodes arrived')),
                ('too_old', models.BigIntegerField(default=0, verbose_name='not pushed: too old')),
                ('not_listed', models.BigIntegerField(default=0, verbose_name='not pushed: not in the list')),
                ('superseded', models.BigIntegerField(default=0, verbose_name='not pushed: superseded')),
            ],
            options={
                'verbose_name': 'day of active push',
                'verbose_name_plural': 'days of active push',
                'ordering': ['-day', 'source'],
                'constraints': [models.UniqueConstraint(fields=('source', 'day'), name='push_tally_uniq')],
            },
        ),
        migrations.CreateModel(
            name='SensitiveChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outside', models.CharField(choices=[('nothing', 'nothing is sent'), ('neutral', 'only that the court has a message'), ('news', 'that the case has news')], max_length=8, verbose_name='outside')),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='changed at')),
                ('contact', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='notices.contact', verbose_name='party')),
            ],
            options={
                'verbose_name': 'choice about sensitive matters',
                'verbose_name_plural': 'choices about sensitive matters',
                'constraints': [models.CheckConstraint(condition=models.Q(('outside__in', ['news', 'neutral', 'nothing'])), name='sensitive_choice_known')],
            },
        ),
        migrations.CreateModel(
            name='SensitiveChoiceEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('outside', models.CharField(choices=[('nothing', 'nothing is sent'), ('neutral', 'only that the court has a message'), ('news', 'that the case has news')], max_length=8, verbose_name='outside')),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='changed at')),
                ('contact', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='notices.contact', verbose_name='party')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='cases.sensitivechoice')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='case',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='49626cfe14fd03b17f97872d3e67e6a9b4d07a6f', operation='DELETE', pgid='pgtrigger_never_deleted_d7375', table='cases_case', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='casenode',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='dc5f1efeb466ec3c809e85c796a1f5c49cd29545', operation='DELETE', pgid='pgtrigger_never_deleted_e9a8a', table='cases_casenode', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='caseparticipant',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='25b853b68cdb772ab7780bfff09f23b2b067552c', operation='DELETE', pgid='pgtrigger_never_deleted_6b34b', table='cases_caseparticipant', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pushdigest',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='a4e13eca335aa5a4d557f42026f7c810b17e4221', operation='DELETE', pgid='pgtrigger_never_deleted_b3df8', table='cases_pushdigest', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='push',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='a4744e57ef2d1118da93a0b89a33b754169e96d7', operation='DELETE', pgid='pgtrigger_never_deleted_71e4c', table='cases_push', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pushpreference',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_pushpreferenceevent" ("changed_at", "contact_id", "id", "is_wanted", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."changed_at", NEW."contact_id", NEW."id", NEW."is_wanted", NEW."kind", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='f95d9d1eaf54d5c2ccee9ca6f0da0813e78a2c04', operation='INSERT', pgid='pgtrigger_insert_insert_5741b', table='cases_pushpreference', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='pushpreference',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_pushpreferenceevent" ("changed_at", "contact_id", "id", "is_wanted", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."changed_at", NEW."contact_id", NEW."id", NEW."is_wanted", NEW."kind", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;', hash='8bffb084cf94b0bb41bc8fac3d3196ba4ae091e8', operation='UPDATE', pgid='pgtrigger_update_update_9dc2e', table='cases_pushpreference', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sensitivechoice',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_sensitivechoiceevent" ("changed_at", "contact_id", "id", "outside", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."changed_at", NEW."contact_id", NEW."id", NEW."outside", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='18d60245313df00e692344ea186138690a76d4ad', operation='INSERT', pgid='pgtrigger_insert_insert_abcaa', table='cases_sensitivechoice', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sensitivechoice',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_sensitivechoiceevent" ("changed_at", "contact_id", "id", "outside", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."changed_at", NEW."contact_id", NEW."id", NEW."outside", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;', hash='26fc1287b61e96f4a03b8ac917f85da33f30a1a4', operation='UPDATE', pgid='pgtrigger_update_update_ab343', table='cases_sensitivechoice', when='AFTER')),
        ),
    ]
