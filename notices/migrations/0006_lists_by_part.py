"""A person's list has an index for each of its two parts, built while notices are written."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('notices', '0005_lean_deliveries'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='notice',
            index=models.Index(condition=models.Q(('person__isnull', False), ('read_at__isnull', True)), fields=['person', '-created_at'], name='notice_person_unread_idx'),
        ),
        AddIndexConcurrently(
            model_name='notice',
            index=models.Index(condition=models.Q(('person__isnull', False), ('read_at__isnull', False)), fields=['person', '-created_at'], name='notice_person_read_idx'),
        ),
        RemoveIndexConcurrently(
            model_name='notice',
            name='notice_unread_idx',
        ),
        RemoveIndexConcurrently(
            model_name='notice',
            name='notice_person_idx',
        ),
    ]
