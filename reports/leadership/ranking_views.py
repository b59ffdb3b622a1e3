"""The ranking of a month, and the page of one unit in it (G16, B14).

Rankings go to the two court levels. Who reads a whole court is told the places of all courts of
the city; lists, departments and judges are shown as far as the reader's figures reach. Who reads
single departments sees these, with their places among all of them. What a post does not reach is
not found.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courts.access import action_required
from courts.models import Court, Department, Jurisdiction, Person
from courts.roles import opens, posts_of
from reports.holders import Unit
from reports.leadership import frozen
from reports.leadership import ranking_presentation as presentation
from reports.leadership.asking import month_asked, month_url, neighbours, public_id, reader
from reports.leadership.ranking_presentation import Shown
from reports.months import Month
from reports.published import Published, moved
from reports.scope import ACTION, Scope, city_of
from reports.standings import City, Months, bench, city

COURTS, DEPARTMENTS, JUDGES = "courts", "departments", "judges"


@require_safe
@action_required(ACTION)
def ranking(request: HttpRequest) -> HttpResponse:
    """The ranked courts of the city, its departments, or the judges of one court."""
    at = timezone.now()
    person = reader(request)
    scope = Scope.of(person)
    home = city_of(scope)
    if home is None:
        raise Http404
    present = Month.of(at, home.zone)
    month = month_asked(request, present)
    of = request.GET.get("of") or (COURTS if scope.courts else DEPARTMENTS)
    if of not in (COURTS, DEPARTMENTS, JUDGES) or (of != DEPARTMENTS and not scope.courts):
        raise Http404
    address = reverse("leadership:ranking")
    courts = _courts(scope, home) if of == JUDGES else []
    court = _court(request, person, courts) if of == JUDGES else None
    query = {"of": of, "court": str(court.public_id) if court else ""}
    edition_line, figures = None, frozen.asked_live(request)
    if court:
        months, shown = _judged(court, month, at)
    else:
        found, edition_line, edition = _as_published(
            request, person, home, month, address, of, at, of=of
        )
        figures = frozen.carried(edition_line)
        months, shown = _ranked(of, scope, found, month, edition, figures)
    now = months.now
    unranked = [row for row in now.unranked if row.standing.items]
    idle = [shown[row.unit] for row in now.unranked if row.unit in shown and not row.standing.items]
    return render(
        request,
        "leadership/ranking.html",
        {
            "city": home.display_name,
            "edition_line": edition_line,
            "month": month.first_day,
            "is_present": month == present,
            **neighbours(address, month, present, **query),
            "rates_url": month_url(reverse("leadership:rates"), month, figures=figures),
            "tabs": _tabs(address, month, of, scope, figures),
            "courts": _court_tabs(address, month, court, courts, figures),
            "of": of,
            "court": court,
            "ranked_count": len(now.ranked),
            "is_part": any(row.unit not in shown for row in now.ranked),
            "least": now.rule.least_requests,
            "rows": list(presentation.rows(now.ranked, months, month, shown)),
            "unranked": list(presentation.rows(unranked, months, month, shown)),
            "idle": idle,
            # Of a month that has ended, and of units: it is those that are proposed.
            "proposed": presentation.proposed(months, shown)
            if month < present and of != JUDGES
            else [],
            "rule": presentation.explained(now.rule),
        },
    )


@require_safe
@action_required(ACTION)
def unit(request: HttpRequest) -> HttpResponse:
    """A court's or department's place, its figures beside its peers', and what would lift it."""
    at = timezone.now()
    person = reader(request)
    scope = Scope.of(person)
    place, home = _unit(request, scope)
    present = Month.of(at, home.zone)
    month = month_asked(request, present)
    is_court = isinstance(place, Court)
    of = COURTS if is_court else DEPARTMENTS
    address = reverse("leadership:ranking_unit")
    query = {of[:-1]: str(place.public_id)}
    found, edition_line, edition = _as_published(
        request, person, home, month, address, of, at, **query
    )
    months = found.by_court if is_court else found.by_department
    row = months.now.row(place.pk)
    if row is None:
        raise Http404
    if isinstance(place, Court):
        one = _shown_court(place, month, edition, frozen.carried(edition_line))
    else:
        one = _shown(place, month, edition, frozen.carried(edition_line))
    interview = presentation.proposed(months, {place.pk: one}) if month < present else []
    return render(
        request,
        "leadership/ranking_unit.html",
        {
            "name": one.name,
            "within": one.within,
            "is_court": is_court,
            "edition_line": edition_line,
            "month": month.first_day,
            "is_present": month == present,
            **neighbours(address, month, present, **query),
            "back_url": month_url(
                reverse("leadership:ranking"), month, of=of, figures=frozen.carried(edition_line)
            ),
            "row": row,
            "ranked_count": len(months.now.ranked),
            "least": months.now.rule.least_requests,
            "movement": presentation.movement(row, months),
            "reasons": presentation.reasons(row, months.now),
            "cards": presentation.cards(row, month, months, one),
            "lifts": presentation.lifts(row, month, months, one),
            "past": presentation.past(place.pk, month, months),
            "interview": interview[0]["why"] if interview else "",
            "actions": _follow_up(reader(request), place, month),
        },
    )


def _follow_up(person: Person, place: Court | Department, month: Month) -> list[dict[str, Any]]:
    """What may follow from a unit's place: it is referred to an office, or an interview held."""
    posts = posts_of(person)
    kind = "court" if isinstance(place, Court) else "department"
    query = urlencode({"unit": f"{kind}:{place.public_id}", "month": str(month)})
    shown = (
        ("referrals.make", "follow_up:item_new", _("Refer"), "send"),
        ("interviews.hold", "follow_up:interview_new", _("Propose an interview"), "users"),
    )
    return [
        {"url": f"{reverse(name)}?{query}", "label": label, "icon": icon, "tone": "quiet"}
        for action, name, label, icon in shown
        if opens(person.pk, posts, action)
    ]


def _unit(request: HttpRequest, scope: Scope) -> tuple[Court | Department, Jurisdiction]:
    """The court or department asked for, within reach, and the city that it is ranked in."""
    if request.GET.get("department"):
        rows = Department.objects.select_related("court__jurisdiction")
        department = get_object_or_404(rows, public_id=public_id(request, "department"))
        court = department.court
        if not scope.covers(Unit(court.pk, department.pk)):
            raise Http404
        place: Court | Department = department
    elif request.GET.get("court"):
        courts = Court.objects.select_related("jurisdiction")
        place = court = get_object_or_404(courts, public_id=public_id(request, "court"))
        if court.pk not in scope.courts:
            raise Http404
    else:
        raise Http404
    if court.jurisdiction is None:
        raise Http404
    return place, court.jurisdiction


def _as_published(
    request: HttpRequest,
    person: Person,
    home: Jurisdiction,
    month: Month,
    address: str,
    ranked: str,
    at: datetime,
    **query: str,
) -> tuple[City, dict[str, Any] | None, int]:
    """The city as last published or live, as asked for; what to say of it; the edition's number."""
    live = city(home, month, at=at)
    choice = frozen.chosen(request, home, month)
    if choice is None:
        return live, None, 0
    then = Published(choice.edition).city()
    left, right = (
        (one.by_court if ranked == COURTS else one.by_department).now for one in (then, live)
    )
    line = frozen.line(choice, person, month, address, differing=moved(left, right), **query)
    return (live if choice.is_live else then), line, choice.shown


def _ranked(
    of: str, scope: Scope, found: City, month: Month, edition: int, figures: str
) -> tuple[Months, dict[int, Shown]]:
    if of == COURTS:
        return found.by_court, {
            pk: _shown_court(one, month, edition, figures)
            if pk in scope.courts
            else Shown(one.display_name)
            for pk, one in found.courts.items()
        }
    return found.by_department, _departments(found, scope, month, edition, figures)


def _departments(
    found: City, scope: Scope, month: Month, edition: int, figures: str
) -> dict[int, Shown]:
    return {
        pk: _shown(one, month, edition, figures)
        for pk, one in found.departments.items()
        if scope.covers(Unit(one.court_id, pk))
    }


def _shown_court(court: Court, month: Month, edition: int, figures: str) -> Shown:
    place = {"court": court.public_id}
    url = presentation.unit_url(month, **place, figures=figures)
    return Shown(court.display_name, "", url, place | {"edition": edition or ""})


def _shown(department: Department, month: Month, edition: int, figures: str) -> Shown:
    place = {"department": department.public_id}
    return Shown(
        department.display_name,
        department.court.display_name,
        presentation.unit_url(month, **place, figures=figures),
        place | {"edition": edition or ""},
    )


def _judged(court: Court, month: Month, at: datetime) -> tuple[Months, dict[int, Shown]]:
    found = bench(court, month, at=at)
    return found.by_judge, {
        pk: Shown(
            one.display_name,
            place={"court": court.public_id, "handler": one.public_id},
        )
        for pk, one in found.judges.items()
    }


def _court(request: HttpRequest, person: Person, courts: list[Court]) -> Court:
    """Of the courts within reach that whose judges are asked for; else the reader's own, or the
    first."""
    if request.GET.get("court"):
        wanted = public_id(request, "court")
        found = [one for one in courts if one.public_id == wanted]
    else:
        own = {post.court_id for post in posts_of(person)}
        found = [one for one in courts if one.pk in own] or courts
    if not found:
        raise Http404
    return found[0]


def _courts(scope: Scope, home: Jurisdiction) -> list[Court]:
    rows = Court.objects.filter(pk__in=scope.courts, jurisdiction=home, is_ranked=True)
    current = rows.filter(status=Court.Status.CURRENT).select_related("jurisdiction")
    return list(current.order_by("code", "pk"))


def _tabs(address: str, month: Month, of: str, scope: Scope, figures: str) -> list[dict[str, Any]]:
    labels = {COURTS: _("Courts"), DEPARTMENTS: _("Departments"), JUDGES: _("Judges")}
    if not scope.courts:
        return []
    return [
        {
            "label": label,
            "url": month_url(address, month, of=name, figures=figures),
            "active": name == of,
        }
        for name, label in labels.items()
    ]


def _court_tabs(
    address: str, month: Month, court: Court | None, courts: list[Court], figures: str
) -> list[dict[str, Any]]:
    if len(courts) < 2:
        return []
    return [
        {
            "label": one.display_name,
            "url": month_url(address, month, of=JUDGES, court=str(one.public_id), figures=figures),
            "active": one == court,
        }
        for one in courts
    ]
