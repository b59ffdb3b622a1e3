"""One run of django-helpdesk's ``escalate_tickets``, in its own environment.

    PYTHON benchmarks/peer/escalate.py TICKETS

Every ticket is due, and has a submitter and an owner with addresses. Prints the seconds that the
command took.
"""

import os
import sys
import time
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"

import django

django.setup()

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.utils import timezone
from helpdesk.models import FollowUp, Queue, Ticket, TicketChange


def prepare(tickets: int) -> None:
    """Tickets of a queue that escalates after two days, all opened before that."""
    call_command("migrate", verbosity=0, interactive=False)
    for model in (TicketChange, FollowUp, Ticket):
        model.objects.all().delete()
    queue, _made = Queue.objects.get_or_create(
        slug="service",
        defaults={
            "title": "Litigation Service",
            "email_address": "desk@court.example",
            "escalate_days": 2,
        },
    )
    users = get_user_model().objects
    owner, _made = users.get_or_create(username="judge", email="judge@court.example")
    Ticket.objects.bulk_create(
        [
            Ticket(
                title="No word since the hearing",
                queue=queue,
                description="Please let the judge get in touch.",
                submitter_email=f"party{number}@example.org",
                assigned_to=owner,
                status=Ticket.OPEN_STATUS,
                priority=3,
            )
            for number in range(tickets)
        ],
        batch_size=1000,
    )
    # The model dates a ticket by itself.
    Ticket.objects.update(created=timezone.now() - timedelta(days=10))


def main() -> None:
    """Prepare, run the command once, check what it did."""
    tickets = int(sys.argv[1])
    prepare(tickets)
    started = time.perf_counter()
    call_command("escalate_tickets")
    seconds = time.perf_counter() - started
    escalated = Ticket.objects.filter(priority=2, last_escalation__isnull=False).count()
    if (escalated, FollowUp.objects.count()) != (tickets, tickets):
        raise SystemExit(f"{escalated} of {tickets} tickets were escalated")
    print(f"seconds: {seconds}")


if __name__ == "__main__":
    main()
