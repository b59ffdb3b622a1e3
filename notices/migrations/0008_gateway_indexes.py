"""Deliveries are found in the order in which they are claimed; built while notices are written."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('notices', '0007_gateways'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'pending')), fields=['channel', 'attempts', 'notice'], name='delivery_claim_idx'),
        ),
        AddIndexConcurrently(
            model_name='delivery',
            index=models.Index(condition=models.Q(('sent_at__isnull', False), models.Q(('channel', 'in_app'), _negated=True)), fields=['channel', 'sent_at'], name='delivery_sent_idx'),
        ),
        AddIndexConcurrently(
            model_name='delivery',
            index=models.Index(condition=models.Q(('state', 'dead')), fields=['channel', 'id'], name='delivery_dead_idx'),
        ),
        RemoveIndexConcurrently(
            model_name='delivery',
            name='delivery_due_idx',
        ),
    ]
