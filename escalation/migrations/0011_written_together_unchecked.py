"""Rows that one statement writes with their parents go without a check of their own."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('escalation', '0010_fixed_dates'),
    ]

    operations = [
        # First what the keys leave to it.
        pgtrigger.migrations.AddTrigger(
            model_name='clock',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='4640e8076259aa5059eca3e8a80a73556639a6b3', operation='DELETE', pgid='pgtrigger_never_deleted_71cb1', table='escalation_clock', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='firing',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='df2e636e842578c414676f5c88765f39271c7d93', operation='DELETE', pgid='pgtrigger_never_deleted_dce5a', table='escalation_firing', when='BEFORE')),
        ),
        migrations.AlterField(
            model_name='clockevent',
            name='clock',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='escalation.clock'),
        ),
        migrations.AlterField(
            model_name='firing',
            name='clock',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='firings', to='escalation.clock', verbose_name='clock'),
        ),
        migrations.AlterField(
            model_name='firingrecipient',
            name='firing',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='recipients', to='escalation.firing'),
        ),
    ]
