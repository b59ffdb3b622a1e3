"""``manage.py demonstration_sign_ins``: whom one may sign in as, and a request to track."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count
from django.utils import translation
from django.utils.translation import gettext as _

from cases.models import Push
from courts.models import Jurisdiction, Person
from liaison.access import access_code
from liaison.models import Request
from notices.models import Contact
from reports.demonstration.city import ADMINISTRATOR, CODE, City, SignIn, sign_ins
from reports.demonstration.seed import WELL_KNOWN_PASSWORD
from workorders.models import WorkOrder


class Command(BaseCommand):
    """See the module."""

    help = "Print who may sign in to the demonstration city, and a request that may be tracked."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The language of the table."""
        parser.add_argument(
            "--language", choices=[code for code, _name in settings.LANGUAGES], default="en"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the table."""
        jurisdiction = Jurisdiction.objects.filter(code=CODE, is_demonstration=True).first()
        if not settings.DEMONSTRATION or jurisdiction is None:
            raise CommandError("There is no demonstration city here (manage.py seed_demonstration)")
        with translation.override(options["language"]):
            for line in lines(City(jurisdiction)):
                self.stdout.write(line)


def lines(city: City) -> list[str]:
    """The sign-ins, their password, and a request with its access code.

    What may be two columns wide on a screen stands last, so that the columns stay aligned.
    """
    seats = sign_ins(city.jurisdiction.policy)
    width = max(len(seat.username) for seat in seats)
    text = [_("Sign in as (all people and courts are invented):")]
    text += [
        f"  {person.username:<{width}}  {person.name} {person.name_en}, {role}"
        for person, role in _people(city, seats)
    ]
    text.append(_("Password: %(password)s") % {"password": _password()})
    request = _tracked(city)
    if request is not None:
        text.append(
            _("Track a request: number %(number)s, access code %(code)s")
            % {"number": request.number, "code": access_code(request)}
        )
    person = _party()
    if person is not None:
        text.append(
            _("Sign in as a party at /me/: telephone %(phone)s; the page shows the code")
            % {"phone": person.phone}
        )
    return text


def _party() -> Contact | None:
    """The party whom the trial business system had most to tell."""
    told = Push.objects.values("contact").annotate(count=Count("pk")).order_by("-count", "contact")
    first = told.first()
    return Contact.objects.get(pk=first["contact"]) if first else None


def _people(city: City, seats: Iterable[SignIn]) -> list[tuple[Person, str]]:
    found = [(city.holder(seat), _role(city, seat)) for seat in seats]
    found.append((Person.objects.get(username=ADMINISTRATOR), _("administrator")))
    return found


def _role(city: City, seat: SignIn) -> str:
    post = city.post(seat)
    words = (str(post.get_kind_display()), str(post.department or ""), str(post.court))
    return ", ".join(dict.fromkeys(filter(None, words)))


def _password() -> str:
    """The password if it is known here: it was given at the first start, and only kept hashed."""
    known = os.environ.get("DEMONSTRATION_PASSWORD") or WELL_KNOWN_PASSWORD
    if Person.objects.get(username=ADMINISTRATOR).check_password(known):
        return known
    return _("the DEMONSTRATION_PASSWORD of the first start")


def _tracked(city: City) -> Request | None:
    """The open request whose party waits longest: it has the most to show."""
    rows = WorkOrder.objects.waiting().filter(request__jurisdiction=city.jurisdiction)
    order = rows.order_by("request__registered_at").select_related("request").first()
    return order.request if order else None
