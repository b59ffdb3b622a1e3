"""The calendar in templates: ``{% load calendars %}``."""

from __future__ import annotations

from django import template
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courts import calendar, day_names
from courts.business_days import Day
from courts.calendar_page import KIND_WORDS

register = template.Library()


@register.filter
def day_kind(day: Day) -> str:
    """What a day is, in words, with the name of the holiday or closure."""
    word = str(KIND_WORDS[day.kind])
    name = day_names.name_of(day, timezone.get_current_timezone())
    return str(_("%(kind)s: %(name)s")) % {"kind": word, "name": name} if name else word


@register.simple_tag
def year_to_announce() -> int | None:
    """The year whose schedule is missing today; see ``courts.calendar.year_to_announce``."""
    return calendar.year_to_announce(timezone.localdate())
