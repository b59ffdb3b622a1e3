"""All that the migrations of escalation came to, in one step for a new database."""

import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('escalation', '0001_initial'), ('escalation', '0002_a_policy_may_return'), ('escalation', '0003_calendar_and_sweep_indexes'), ('escalation', '0004_lean_indexes'), ('escalation', '0005_what_has_fired'), ('escalation', '0006_sweep_runs'), ('escalation', '0007_copies_without_checks'), ('escalation', '0008_policy_signatures'), ('escalation', '0009_clocks_set_aside'), ('escalation', '0010_fixed_dates'), ('escalation', '0011_written_together_unchecked')]

    initial = True

    dependencies = [
        ('courts', '0001_squashed_0006_public_entries_and_why_it_reaches_back'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='SweepRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField(verbose_name='started at')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='ended at')),
                ('clocks', models.PositiveIntegerField(default=0, verbose_name='clocks')),
                ('firings', models.PositiveIntegerField(default=0, verbose_name='firings')),
                ('set_aside', models.PositiveIntegerField(default=0, verbose_name='set aside')),
            ],
            options={
                'verbose_name': 'sweep',
                'verbose_name_plural': 'sweeps',
                'ordering': ['-started_at'],
                'indexes': [models.Index(condition=models.Q(('clocks', 0), ('set_aside', 0)), fields=['id'], name='sweep_run_empty_idx'), models.Index(fields=['-started_at'], name='sweep_run_started_idx')],
            },
        ),
        migrations.CreateModel(
            name='PolicyVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=40, verbose_name='policy')),
                ('version', models.PositiveIntegerField(verbose_name='version')),
                ('holds_from', models.DateField(verbose_name='holds from')),
                ('document', models.JSONField(verbose_name='document')),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('loaded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='loaded at')),
            ],
            options={
                'verbose_name': 'policy version',
                'verbose_name_plural': 'policy versions',
                'ordering': ['slug', '-version'],
                'constraints': [models.UniqueConstraint(fields=('slug', 'version'), name='policy_version_uniq')],
            },
        ),
        migrations.CreateModel(
            name='PolicyVersionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('slug', models.SlugField(db_index=False, max_length=40, verbose_name='policy')),
                ('version', models.PositiveIntegerField(verbose_name='version')),
                ('holds_from', models.DateField(verbose_name='holds from')),
                ('document', models.JSONField(verbose_name='document')),
                ('digest', models.CharField(editable=False, max_length=64)),
                ('loaded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='loaded at')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='escalation.policyversion')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Clock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=32, verbose_name='kind')),
                ('subject_id', models.BigIntegerField(verbose_name='id')),
                ('opened_at', models.DateTimeField(verbose_name='opened at')),
                ('assigned_at', models.DateTimeField(blank=True, null=True, verbose_name='assigned at')),
                ('limit_name', models.CharField(max_length=24, verbose_name='limit')),
                ('limit_at', models.DateTimeField(blank=True, null=True, verbose_name='limit ends')),
                ('next_due_at', models.DateTimeField(blank=True, null=True, verbose_name='next due')),
                ('not_before_at', models.DateTimeField(blank=True, null=True, verbose_name='fires not before')),
                ('resumed_at', models.DateTimeField(blank=True, null=True, verbose_name='resumed at')),
                ('attempted_at', models.DateTimeField(blank=True, null=True, verbose_name='attempted at')),
                ('stopped_at', models.DateTimeField(blank=True, null=True, verbose_name='stopped at')),
                ('set_aside', models.CharField(blank=True, default='', max_length=200, verbose_name='set aside because')),
                ('calendar_version', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courts.calendarversion', verbose_name='calendar version')),
                ('court', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courts.court', verbose_name='court')),
                ('department', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courts.department', verbose_name='department')),
                ('handler', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='handler')),
                ('policy', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='escalation.policyversion', verbose_name='policy version')),
                ('counts_minutes', models.BooleanField(default=False, editable=False, help_text='The policy counts minutes too, so the hour of an anchor matters.')),
                ('fired', models.BigIntegerField(default=0, editable=False, help_text="A bit for each occurrence of a step that has fired, in the policy's order.")),
                ('fixed_on', models.DateField(blank=True, help_text='Of a limit that is a fixed date: the last local day of it.', null=True, verbose_name='fixed date')),
            ],
            options={
                'verbose_name': 'clock',
                'verbose_name_plural': 'clocks',
                'indexes': [models.Index(condition=models.Q(('next_due_at__isnull', False), ('set_aside', '')), fields=['next_due_at'], name='clock_due_idx'), models.Index(fields=['limit_at'], name='clock_limit_idx'), models.Index(condition=models.Q(('set_aside', ''), ('stopped_at__isnull', True)), fields=['calendar_version', 'id'], name='clock_running_idx'), models.Index(condition=models.Q(('set_aside', ''), _negated=True), fields=['id'], name='clock_set_aside_idx')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'subject_id'), name='clock_subject_uniq'), models.CheckConstraint(condition=models.Q(('stopped_at__isnull', True), ('next_due_at__isnull', True), _connector='OR'), name='clock_stopped_not_due'), models.CheckConstraint(condition=models.Q(('assigned_at__isnull', True), ('assigned_at__gte', models.F('opened_at')), _connector='OR'), name='clock_assigned_after_opened'), models.CheckConstraint(condition=models.Q(('fixed_on__isnull', True), ('limit_at__isnull', False), _connector='OR'), name='clock_fixed_date_is_a_limit')],
            },
        ),
        migrations.CreateModel(
            name='ClockEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('started', 'started'), ('assigned', 'given to a unit'), ('moved', 'moved to another unit'), ('attempted', 'an attempt to reach the party'), ('stopped', 'stopped'), ('resumed', 'runs on as if it had never stopped'), ('merged', 'took the anchors of another'), ('retimed', 'counted anew after a change of the calendar')], max_length=12, verbose_name='kind')),
                ('at', models.DateTimeField(verbose_name='at')),
                ('params', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='details')),
                ('clock', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='escalation.clock')),
                ('court', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courts.court', verbose_name='court')),
                ('department', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courts.department', verbose_name='department')),
                ('handler', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='handler')),
            ],
            options={
                'verbose_name': 'clock event',
                'verbose_name_plural': 'clock events',
                'ordering': ['at', 'id'],
                'indexes': [models.Index(fields=['clock', 'at'], name='clock_event_idx')],
            },
        ),
        migrations.CreateModel(
            name='Firing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step', models.CharField(max_length=24, verbose_name='step')),
                ('occurrence', models.PositiveSmallIntegerField(default=1, verbose_name='occurrence')),
                ('level', models.PositiveSmallIntegerField(help_text='0 is a warning; 1 to 4 are the rungs of the ladder.', verbose_name='level')),
                ('due_at', models.DateTimeField(verbose_name='due at')),
                ('fired_at', models.DateTimeField(verbose_name='fired at')),
                ('was_attempted', models.BooleanField(default=False, verbose_name='attempted before')),
                ('was_settled', models.BooleanField(default=False, verbose_name='settled with an answer')),
                ('is_silent', models.BooleanField(default=False, verbose_name='not sent')),
                ('detail', models.JSONField(default=dict, verbose_name='details')),
                ('clock', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='firings', to='escalation.clock', verbose_name='clock')),
                ('court', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courts.court', verbose_name='court')),
                ('department', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courts.department', verbose_name='department')),
                ('handler', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='handler')),
                ('calendar_version', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courts.calendarversion', verbose_name='calendar version')),
                ('day0', models.DateField(null=True, verbose_name='counted from')),
            ],
            options={
                'verbose_name': 'firing',
                'verbose_name_plural': 'firings',
                'ordering': ['due_at', 'level', 'id'],
                'indexes': [models.Index(fields=['court', 'due_at'], name='firing_court_idx')],
                'constraints': [models.UniqueConstraint(fields=('clock', 'step', 'occurrence'), name='firing_once_uniq')],
            },
        ),
        migrations.CreateModel(
            name='FiringRecipient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(help_text="The recipient as the policy names it, such as 'president'.", max_length=24)),
                ('firing', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='recipients', to='escalation.firing')),
                ('person', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'recipient of a firing',
                'verbose_name_plural': 'recipients of firings',
                'constraints': [models.UniqueConstraint(fields=('firing', 'person'), name='firing_recipient_uniq')],
            },
        ),
        migrations.CreateModel(
            name='PolicySignature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=120, verbose_name='place in the policy')),
                ('value', models.JSONField(verbose_name='value as signed')),
                ('signed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='signed at')),
                ('note', models.CharField(max_length=200, verbose_name='note')),
                ('policy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='escalation.policyversion', verbose_name='policy version')),
                ('signed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='signed by')),
            ],
            options={
                'verbose_name': 'signature for a value',
                'verbose_name_plural': 'signatures for values',
                'ordering': ['policy', 'key'],
                'constraints': [models.UniqueConstraint(fields=('policy', 'key'), name='policy_signature_uniq'), models.CheckConstraint(condition=models.Q(('note', ''), _negated=True), name='policy_signature_says_why')],
            },
        ),
        migrations.CreateModel(
            name='PolicySignatureEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('key', models.CharField(max_length=120, verbose_name='place in the policy')),
                ('value', models.JSONField(verbose_name='value as signed')),
                ('signed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='signed at')),
                ('note', models.CharField(max_length=200, verbose_name='note')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='escalation.policysignature')),
                ('policy', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='escalation.policyversion', verbose_name='policy version')),
                ('signed_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='signed by')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='policyversion',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "escalation_policyversionevent" ("digest", "document", "holds_from", "id", "loaded_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "version") VALUES (NEW."digest", NEW."document", NEW."holds_from", NEW."id", NEW."loaded_at", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."slug", NEW."version"); RETURN NULL;', hash='bf6aa2b38a490c02312406538cb96f7d3b4ea852', operation='INSERT', pgid='pgtrigger_insert_insert_7b787', table='escalation_policyversion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='policyversion',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "escalation_policyversionevent" ("digest", "document", "holds_from", "id", "loaded_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "slug", "version") VALUES (NEW."digest", NEW."document", NEW."holds_from", NEW."id", NEW."loaded_at", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."slug", NEW."version"); RETURN NULL;', hash='d854ca60081de086b5ef39a0a0016a8b417edef7', operation='UPDATE', pgid='pgtrigger_update_update_88ced', table='escalation_policyversion', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clock',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='4640e8076259aa5059eca3e8a80a73556639a6b3', operation='DELETE', pgid='pgtrigger_never_deleted_71cb1', table='escalation_clock', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='firing',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='df2e636e842578c414676f5c88765f39271c7d93', operation='DELETE', pgid='pgtrigger_never_deleted_dce5a', table='escalation_firing', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='policysignature',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "escalation_policysignatureevent" ("id", "key", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_id", "signed_at", "signed_by_id", "value") VALUES (NEW."id", NEW."key", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."policy_id", NEW."signed_at", NEW."signed_by_id", NEW."value"); RETURN NULL;', hash='f09babefaa88f3d8c285158b9dc3d5081ba28caf', operation='INSERT', pgid='pgtrigger_insert_insert_898e2', table='escalation_policysignature', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='policysignature',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "escalation_policysignatureevent" ("id", "key", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy_id", "signed_at", "signed_by_id", "value") VALUES (NEW."id", NEW."key", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."policy_id", NEW."signed_at", NEW."signed_by_id", NEW."value"); RETURN NULL;', hash='2b7d0e8667ce689ac6fddcbd240a5f10402dd756', operation='UPDATE', pgid='pgtrigger_update_update_f58c5', table='escalation_policysignature', when='AFTER')),
        ),
    ]
