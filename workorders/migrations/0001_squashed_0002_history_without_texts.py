"""All that the migrations of workorders came to, in one step for a new database."""

import django.db.models.deletion
import django.utils.timezone
import django_fsm
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('workorders', '0001_initial'), ('workorders', '0002_history_without_texts')]

    initial = True

    dependencies = [
        ('courts', '0001_squashed_0006_public_entries_and_why_it_reaches_back'),
        ('liaison', '0001_squashed_0004_party_sign_in'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        migrations.CreateModel(
            name='WorkOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('is_lead', models.BooleanField(default=True, verbose_name='lead order')),
                ('state', django_fsm.FSMField(choices=[('dispatched', 'dispatched'), ('acknowledged', 'acknowledged'), ('replied', 'replied'), ('completed', 'completed'), ('returned', 'returned to the desk'), ('withdrawn', 'withdrawn')], default='dispatched', max_length=50, protected=True, verbose_name='state')),
                ('dispatched_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='dispatched')),
                ('acknowledged_at', models.DateTimeField(blank=True, null=True, verbose_name='acknowledged')),
                ('replied_at', models.DateTimeField(blank=True, null=True, verbose_name='replied')),
                ('completed_at', models.DateTimeField(blank=True, null=True, verbose_name='completed')),
                ('completes_at', models.DateTimeField(blank=True, help_text='When a replied order completes by itself.', null=True, verbose_name='completes at')),
                ('note', models.TextField(blank=True, default='', verbose_name='note of the desk')),
                ('court', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courts.court', verbose_name='court')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courts.department', verbose_name='department')),
                ('dispatched_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='dispatched by')),
                ('first_department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courts.department', verbose_name='first department')),
                ('first_handler', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='first handler')),
                ('handler', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='handler')),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='liaison.request', verbose_name='request')),
            ],
            options={
                'verbose_name': 'work order',
                'verbose_name_plural': 'work orders',
                'ordering': ['-dispatched_at', '-id'],
                'indexes': [models.Index(condition=models.Q(('state', 'replied')), fields=['completes_at'], name='order_completes_idx'), models.Index(fields=['handler', 'state'], name='order_handler_idx'), models.Index(fields=['department', 'state'], name='order_department_idx'), models.Index(fields=['court', 'state'], name='order_court_idx')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_lead', True)), fields=('request',), name='order_one_lead_uniq'), models.CheckConstraint(condition=models.Q(('state__in', ['dispatched', 'acknowledged', 'replied', 'completed', 'returned', 'withdrawn'])), name='order_state_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'replied'), _negated=True), models.Q(('completes_at__isnull', False), ('is_lead', True)), ('is_lead', False), _connector='OR'), name='order_replied_completes')],
            },
            bases=(django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name='Reply',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('written', 'in writing'), ('spoken', 'by word of mouth')], max_length=12, verbose_name='kind')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
                ('rejected_at', models.DateTimeField(blank=True, null=True, verbose_name='rejected')),
                ('rejection_reason', models.TextField(blank=True, default='', verbose_name='reason of the rejection')),
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='liaison.timelineentry')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('rejected_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='workorders.workorder')),
            ],
            options={
                'verbose_name': 'reply',
                'verbose_name_plural': 'replies',
                'ordering': ['at', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('rejected_at__isnull', True)), fields=('order',), name='reply_one_stands_uniq'), models.CheckConstraint(condition=models.Q(('rejected_at__isnull', True), models.Q(('rejected_by__isnull', False), models.Q(('rejected_by', models.F('person')), _negated=True)), _connector='OR'), name='reply_not_judged_by_its_author')],
            },
        ),
        migrations.CreateModel(
            name='Transfer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('dispatch', 'dispatch'), ('return', 'return'), ('reassign', 'reassign')], max_length=12, verbose_name='kind')),
                ('reason', models.TextField(blank=True, default='', verbose_name='reason')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
                ('from_department', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courts.department')),
                ('from_handler', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('to_department', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courts.department')),
                ('to_handler', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transfers', to='workorders.workorder')),
            ],
            options={
                'verbose_name': 'transfer',
                'verbose_name_plural': 'transfers',
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ReplyEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('written', 'in writing'), ('spoken', 'by word of mouth')], max_length=12, verbose_name='kind')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
                ('rejected_at', models.DateTimeField(blank=True, null=True, verbose_name='rejected')),
                ('entry', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='liaison.timelineentry')),
                ('person', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='workorders.reply')),
                ('rejected_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='workorders.workorder')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Instruction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('urge', 'urge'), ('instruct', 'instruct')], max_length=12, verbose_name='kind')),
                ('text', models.TextField(blank=True, default='', verbose_name='text')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='instructions', to='workorders.workorder')),
            ],
            options={
                'verbose_name': 'instruction',
                'verbose_name_plural': 'instructions',
                'ordering': ['at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ContactRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('means', models.CharField(choices=[('call', 'telephone call'), ('meeting', 'meeting')], max_length=12, verbose_name='by')),
                ('outcome', models.CharField(choices=[('reached', 'reached'), ('not_reached', 'not reached')], max_length=12, verbose_name='outcome')),
                ('is_answer', models.BooleanField(default=False, verbose_name='this was the answer')),
                ('summary', models.TextField(blank=True, default='', verbose_name='what was said')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contact_records', to='workorders.workorder')),
            ],
            options={
                'verbose_name': 'contact record',
                'verbose_name_plural': 'contact records',
                'ordering': ['at', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('is_answer', False), models.Q(('outcome', 'reached'), models.Q(('summary', ''), _negated=True)), _connector='OR'), name='contact_answer_says_what')],
            },
        ),
        migrations.CreateModel(
            name='WorkOrderEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('is_lead', models.BooleanField(default=True, verbose_name='lead order')),
                ('state', django_fsm.FSMField(choices=[('dispatched', 'dispatched'), ('acknowledged', 'acknowledged'), ('replied', 'replied'), ('completed', 'completed'), ('returned', 'returned to the desk'), ('withdrawn', 'withdrawn')], default='dispatched', max_length=50, protected=True, verbose_name='state')),
                ('dispatched_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='dispatched')),
                ('acknowledged_at', models.DateTimeField(blank=True, null=True, verbose_name='acknowledged')),
                ('replied_at', models.DateTimeField(blank=True, null=True, verbose_name='replied')),
                ('completed_at', models.DateTimeField(blank=True, null=True, verbose_name='completed')),
                ('completes_at', models.DateTimeField(blank=True, help_text='When a replied order completes by itself.', null=True, verbose_name='completes at')),
                ('court', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='courts.court', verbose_name='court')),
                ('department', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='courts.department', verbose_name='department')),
                ('dispatched_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='dispatched by')),
                ('first_department', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='courts.department', verbose_name='first department')),
                ('first_handler', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='first handler')),
                ('handler', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='handler')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='workorders.workorder')),
                ('request', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='liaison.request', verbose_name='request')),
            ],
            options={
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workorder',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "workorders_workorderevent" ("acknowledged_at", "completed_at", "completes_at", "court_id", "department_id", "dispatched_at", "dispatched_by_id", "first_department_id", "first_handler_id", "handler_id", "id", "is_lead", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "replied_at", "request_id", "state") VALUES (NEW."acknowledged_at", NEW."completed_at", NEW."completes_at", NEW."court_id", NEW."department_id", NEW."dispatched_at", NEW."dispatched_by_id", NEW."first_department_id", NEW."first_handler_id", NEW."handler_id", NEW."id", NEW."is_lead", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."public_id", NEW."replied_at", NEW."request_id", NEW."state"); RETURN NULL;', hash='783be9d61a9fb167bd6c45127ee2257e347c17e3', operation='INSERT', pgid='pgtrigger_insert_insert_2bad3', table='workorders_workorder', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='workorder',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."acknowledged_at" IS DISTINCT FROM (NEW."acknowledged_at") OR OLD."completed_at" IS DISTINCT FROM (NEW."completed_at") OR OLD."completes_at" IS DISTINCT FROM (NEW."completes_at") OR OLD."court_id" IS DISTINCT FROM (NEW."court_id") OR OLD."department_id" IS DISTINCT FROM (NEW."department_id") OR OLD."dispatched_at" IS DISTINCT FROM (NEW."dispatched_at") OR OLD."dispatched_by_id" IS DISTINCT FROM (NEW."dispatched_by_id") OR OLD."first_department_id" IS DISTINCT FROM (NEW."first_department_id") OR OLD."first_handler_id" IS DISTINCT FROM (NEW."first_handler_id") OR OLD."handler_id" IS DISTINCT FROM (NEW."handler_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_lead" IS DISTINCT FROM (NEW."is_lead") OR OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."replied_at" IS DISTINCT FROM (NEW."replied_at") OR OLD."request_id" IS DISTINCT FROM (NEW."request_id") OR OLD."state" IS DISTINCT FROM (NEW."state"))', func='INSERT INTO "workorders_workorderevent" ("acknowledged_at", "completed_at", "completes_at", "court_id", "department_id", "dispatched_at", "dispatched_by_id", "first_department_id", "first_handler_id", "handler_id", "id", "is_lead", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "replied_at", "request_id", "state") VALUES (NEW."acknowledged_at", NEW."completed_at", NEW."completes_at", NEW."court_id", NEW."department_id", NEW."dispatched_at", NEW."dispatched_by_id", NEW."first_department_id", NEW."first_handler_id", NEW."handler_id", NEW."id", NEW."is_lead", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."public_id", NEW."replied_at", NEW."request_id", NEW."state"); RETURN NULL;', hash='2021d5ad47dadfea417d00fa1d7d7366de8cc4df', operation='UPDATE', pgid='pgtrigger_update_update_506a6', table='workorders_workorder', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reply',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "workorders_replyevent" ("at", "entry_id", "id", "kind", "order_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rejected_at", "rejected_by_id") VALUES (NEW."at", NEW."entry_id", NEW."id", NEW."kind", NEW."order_id", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."rejected_at", NEW."rejected_by_id"); RETURN NULL;', hash='a8151cdba19660cfeb44edcc1ac190adc4a5d329', operation='INSERT', pgid='pgtrigger_insert_insert_19da1', table='workorders_reply', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reply',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."at" IS DISTINCT FROM (NEW."at") OR OLD."entry_id" IS DISTINCT FROM (NEW."entry_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."order_id" IS DISTINCT FROM (NEW."order_id") OR OLD."person_id" IS DISTINCT FROM (NEW."person_id") OR OLD."rejected_at" IS DISTINCT FROM (NEW."rejected_at") OR OLD."rejected_by_id" IS DISTINCT FROM (NEW."rejected_by_id"))', func='INSERT INTO "workorders_replyevent" ("at", "entry_id", "id", "kind", "order_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "rejected_at", "rejected_by_id") VALUES (NEW."at", NEW."entry_id", NEW."id", NEW."kind", NEW."order_id", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."rejected_at", NEW."rejected_by_id"); RETURN NULL;', hash='0a4d7592967de9eb9bd1449973a7410f7426a1ae', operation='UPDATE', pgid='pgtrigger_update_update_f85c6', table='workorders_reply', when='AFTER')),
        ),
    ]
