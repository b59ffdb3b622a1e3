"""Deliveries go without a check of their own, notices without indexes that nobody searches by."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notices', '0004_copies_without_checks'),
    ]

    operations = [
        # First what the key of deliveries leaves to it.
        pgtrigger.migrations.AddTrigger(
            model_name='notice',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='ee8cedf58e66b9821fae5f3a4f7805c4b5efbea0', operation='DELETE', pgid='pgtrigger_never_deleted_4ac46', table='notices_notice', when='BEFORE')),
        ),
        migrations.AlterField(
            model_name='delivery',
            name='notice',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='notices.notice', verbose_name='notice'),
        ),
        # The constraint is there: it is renamed, so that no index is built anew while others wait.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name='notice',
                    name='key',
                    field=models.CharField(max_length=160),
                ),
                migrations.AddConstraint(
                    model_name='notice',
                    constraint=models.UniqueConstraint(fields=('key',), name='notice_key_uniq'),
                ),
            ],
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE notices_notice"
                    " RENAME CONSTRAINT notices_notice_key_key TO notice_key_uniq",
                    "ALTER TABLE notices_notice"
                    " RENAME CONSTRAINT notice_key_uniq TO notices_notice_key_key",
                ),
                migrations.RunSQL(
                    "DROP INDEX notices_notice_key_e6f8d5bc_like",
                    "CREATE INDEX notices_notice_key_e6f8d5bc_like"
                    " ON notices_notice (key varchar_pattern_ops)",
                ),
            ],
        ),
        migrations.RemoveIndex(
            model_name='notice',
            name='notice_subject_idx',
        ),
    ]
