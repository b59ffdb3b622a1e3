"""What the tests of delivery have in common: requests of parties, and their mail."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage

from liaison.intake import Party
from notices.models import Delivery
from tests.city import City, local

AT = local(2020, 6, 5)
LATER = AT + timedelta(minutes=1)
EMAIL, IN_APP = Delivery.Channel.EMAIL, Delivery.Channel.IN_APP


def by_mail(**fields: object) -> Delivery:
    """The one delivery by e-mail."""
    return Delivery.objects.get(channel=EMAIL, **fields)


def text_of(message: EmailMessage) -> str:
    """The text of a mail, whatever ends its lines."""
    return "\n".join(message.get_content().strip().splitlines())


def parties(town: City, count: int) -> list[str]:
    """Requests of so many parties; their addresses in order."""
    for index in range(count):
        party = Party(f"当事人{index}", email=f"p{index}@example.org", phone=f"1380013{index:04}")
        town.request(at=AT + timedelta(seconds=index), party=party)
    return [f"p{index}@example.org" for index in range(count)]
