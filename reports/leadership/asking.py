"""What every page of the leadership is asked for: who reads it, and of which month."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest

from courts.models import Person
from courts.roles import posts_of
from reports.months import Month


def reader(request: HttpRequest) -> Person:
    """The member of staff who reads; views are closed to anyone else."""
    assert isinstance(request.user, Person)
    return request.user


def place_of(person: Person) -> str:
    """The court for which the reader reads: that of the first post held."""
    posts = posts_of(person)
    return posts[0].court.display_name if posts else ""


def month_asked(request: HttpRequest, present: Month) -> Month:
    """The month asked for; the present one for none, one that is no month, or one to come."""
    try:
        return min(Month.parse(request.GET.get("month", "")), present)
    except ValueError:
        return present


def neighbours(address: str, month: Month, present: Month, **query: str) -> dict[str, str]:
    """The addresses of the months before and after; '' where there is none to show."""
    try:
        month.plus(-1)
    except ValueError:
        previous = ""
    else:
        previous = month_url(address, month.plus(-1), **query)
    following = month_url(address, month.plus(1), **query) if month < present else ""
    return {"previous": previous, "next": following}


def month_url(address: str, month: Month, **query: str) -> str:
    """A page's address for a month; empty parameters are left out."""
    given = {name: value for name, value in query.items() if value}
    return f"{address}?{urlencode({'month': str(month)} | given)}"


def public_id(request: HttpRequest, name: str) -> UUID:
    """The id in a parameter; what is none is not found."""
    try:
        return UUID(request.GET[name])
    except (KeyError, ValueError):
        raise Http404 from None
