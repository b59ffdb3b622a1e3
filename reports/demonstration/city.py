"""Founding the demonstration city: invented courts and people, and whom a visitor may sign in as.

Nobody has an e-mail address, and no telephone number can be dialled: the city reaches no one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password

from cases.case_number import default_table
from courts import invented
from courts.models import Court, Department, Jurisdiction, Person, Post, Tenure

CODE = "shifan"
ADMINISTRATOR = "admin"
# Invented courts have sat since the first year of the calendar, so any recent history fits.
_YEARS_STAFFED = timedelta(days=5 * 365)

_CIVIL = ("民事审判庭", "Civil Division")
_CIVIL_1 = ("民事审判一庭", "First Civil Division")
_CIVIL_2 = ("民事审判二庭", "Second Civil Division")
_CRIMINAL = ("刑事审判庭", "Criminal Division")
_ADMIN = ("行政审判庭", "Administrative Division")
_ENFORCEMENT = ("执行局", "Enforcement Bureau")
# How a branch of law is seen in the name of a division.
_BRANCH_MARKS = {"civil": "民事", "criminal": "刑事", "admin": "行政", "enforcement": "执行"}


@dataclass(frozen=True)
class Seat:
    """An invented court: its code, its short name in user names, its names, its divisions."""

    code: str
    slug: str
    name: str
    name_en: str
    divisions: tuple[tuple[str, str], ...]


HIGH = Seat(
    "示",
    "gaoyuan",
    "示范市高级人民法院",
    "Shifan High People's Court",
    (_CIVIL, _CRIMINAL, _ADMIN, _ENFORCEMENT),
)
INTERMEDIATE = Seat(
    "示01",
    "shifan",
    "示范市中级人民法院",
    "Shifan Intermediate People's Court",
    (_CIVIL, _CRIMINAL, _ADMIN, _ENFORCEMENT),
)
PRIMARY = (
    Seat(
        "示0101",
        "donghu",
        "示范市东湖区人民法院",
        "Donghu District People's Court",
        (_CIVIL_1, _CIVIL_2, _CRIMINAL, _ENFORCEMENT),
    ),
    Seat(
        "示0102",
        "xiling",
        "示范市西岭区人民法院",
        "Xiling District People's Court",
        (_CIVIL_1, _CIVIL_2, _ENFORCEMENT),
    ),
    Seat(
        "示0103",
        "nanping",
        "示范市南屏区人民法院",
        "Nanping District People's Court",
        (_CIVIL, _CRIMINAL, _ENFORCEMENT),
    ),
    Seat(
        "示0104",
        "beiyuan",
        "示范市北原县人民法院",
        "Beiyuan County People's Court",
        (_CIVIL, _ADMIN, _ENFORCEMENT),
    ),
)
SEATS = {seat.slug: seat for seat in (HIGH, INTERMEDIATE, *PRIMARY)}
# By these policies the High Court leads the city's courts and ranks them, and every court has one
# contact person (B7, B14). By all others the Intermediate Court leads, and there is no High Court.
_LED_BY_HIGH_COURT = frozenset({"beijing"})


_OFFICER, _CHAMBER = Post.Kind.LIAISON_OFFICER, Post.Kind.FILING_CHAMBER
_MANAGEMENT = Post.Kind.TRIAL_MANAGEMENT


@dataclass(frozen=True)
class SignIn:
    """A post whose holder a visitor may sign in as; ``division`` counts those with orders."""

    username: str
    kind: str
    slug: str
    division: int | None = None
    service: bool = False


_SIGN_INS = (
    SignIn("service.donghu", Post.Kind.SERVICE_STAFF, "donghu", service=True),
    SignIn("judge.donghu", Post.Kind.JUDGE, "donghu", division=0),
    SignIn("officer.donghu", _OFFICER, "donghu", division=0),
    SignIn("leader.donghu", Post.Kind.DEPARTMENT_LEADER, "donghu", division=0),
    SignIn("deputy.donghu", Post.Kind.DEPUTY_PRESIDENT, "donghu"),
    SignIn("president.donghu", Post.Kind.PRESIDENT, "donghu"),
    SignIn("president.shifan", Post.Kind.PRESIDENT, "shifan"),
    SignIn("filing.shifan", _CHAMBER, "shifan"),
    SignIn("management.shifan", _MANAGEMENT, "shifan"),
)
_SIGN_INS_BY_HIGH_COURT = (
    *(seat for seat in _SIGN_INS if seat.kind not in (_OFFICER, _CHAMBER, _MANAGEMENT)),
    SignIn("contact.donghu", _OFFICER, "donghu"),
    SignIn("president.gaoyuan", Post.Kind.PRESIDENT, "gaoyuan"),
    SignIn("service.gaoyuan", _CHAMBER, "gaoyuan", service=True),
    SignIn("management.gaoyuan", _MANAGEMENT, "gaoyuan"),
    SignIn("inspection.gaoyuan", Post.Kind.INSPECTION, "gaoyuan"),
)


def sign_ins(policy: str) -> tuple[SignIn, ...]:
    """Whom a visitor may sign in as in a city of this policy."""
    return _SIGN_INS_BY_HIGH_COURT if policy in _LED_BY_HIGH_COURT else _SIGN_INS


class NationalName(Exception):
    """A court of the plan bears the name or the code of a real one."""


@dataclass(frozen=True)
class Staff:
    """Who works in a division, in the order of their posts."""

    division: Department
    judges: tuple[Person, ...]


class City:
    """The founded city, with its people looked up once."""

    def __init__(self, jurisdiction: Jurisdiction) -> None:
        self.jurisdiction = jurisdiction
        by_code = {court.code: court for court in jurisdiction.courts.all()}
        self.courts: Mapping[str, Court] = {
            slug: by_code[seat.code] for slug, seat in SEATS.items() if seat.code in by_code
        }
        tenures = Tenure.objects.filter(post__court__in=by_code.values(), is_acting=False)
        self._held = list(
            tenures.select_related("person", "post__department", "post__court").order_by("post_id")
        )
        self._staff = {
            (slug, branch, index): staff
            for slug, court in self.courts.items()
            for branch, mark in _BRANCH_MARKS.items()
            for index, staff in enumerate(self._divisions(court, mark))
        }

    def _divisions(self, court: Court, mark: str) -> list[Staff]:
        return [
            Staff(division, tuple(self._holders(Post.Kind.JUDGE, department_id=division.pk)))
            for division in _taking_orders(court)
            if mark in division.name
        ]

    def _tenures(
        self, kind: str, *, court: Court | None = None, department_id: int | None = None
    ) -> list[Tenure]:
        return [
            tenure
            for tenure in self._held
            if tenure.post.kind == kind
            and (court is None or tenure.post.court_id == court.pk)
            and (department_id is None or tenure.post.department_id == department_id)
        ]

    def _holders(
        self, kind: str, *, court: Court | None = None, department_id: int | None = None
    ) -> list[Person]:
        found = self._tenures(kind, court=court, department_id=department_id)
        return [tenure.person for tenure in found]

    @property
    def leading(self) -> str:
        """The court that leads the others: its short name."""
        leads = self.jurisdiction.leading_court_id
        return next(slug for slug, court in self.courts.items() if court.pk == leads)

    @property
    def chamber(self) -> Person:
        """Who does what the Case Filing Chamber of the leading court does."""
        return self._holders(_CHAMBER, court=self.courts[self.leading])[0]

    def staff(self, slug: str, branch: str, index: int = 0) -> Staff:
        """Who works in the division of a branch; without such a second one, in the first."""
        return self._staff.get((slug, branch, index)) or self._staff[slug, branch, 0]

    def has(self, slug: str, branch: str) -> bool:
        """Whether a court has a division for a branch of law."""
        return (slug, branch, 0) in self._staff

    def clerks(self, slug: str) -> list[Person]:
        """The litigation-service staff of a court."""
        return self._holders(Post.Kind.SERVICE_STAFF, court=self.courts[slug])

    def agent(self, slug: str) -> Person:
        """The hotline agent of a court."""
        return self._holders(Post.Kind.HOTLINE_AGENT, court=self.courts[slug])[0]

    def president(self, slug: str) -> Person:
        """The president of a court."""
        return self._holders(Post.Kind.PRESIDENT, court=self.courts[slug])[0]

    def officer(self, department: Department) -> Person:
        """The liaison officer of a department, or the contact person of its whole court."""
        own = self._holders(_OFFICER, department_id=department.pk)
        return (own or self._holders(_OFFICER, court=department.court))[0]

    def holder(self, seat: SignIn) -> Person:
        """The holder of the post that a sign-in stands for."""
        return self._seat(seat).person

    def post(self, seat: SignIn) -> Post:
        """The post that a sign-in stands for."""
        return self._seat(seat).post

    def _seat(self, seat: SignIn) -> Tenure:
        court = self.courts[seat.slug]
        department: Department | None = None
        if seat.division is not None:
            department = _taking_orders(court)[seat.division]
        elif seat.service:
            department = court.departments.get(kind=Department.Kind.LITIGATION_SERVICE)
        department_id = department.pk if department else None
        return self._tenures(seat.kind, court=court, department_id=department_id)[0]


def _taking_orders(court: Court) -> list[Department]:
    kinds = (Department.Kind.TRIAL, Department.Kind.ENFORCEMENT)
    return list(court.departments.filter(kind__in=kinds).order_by("pk"))


def check_invented() -> None:
    """Raise ``NationalName`` if the plan names a court that there is."""
    table = default_table()
    for seat in SEATS.values():
        if table.by_name(seat.name) or table.by_code(seat.code):
            raise NationalName(f"{seat.code} {seat.name}")


def found(policy: str, *, now: datetime, password: str) -> City:
    """Found and staff the city as of ``now``; the people of ``sign_ins`` get ``password``."""
    check_invented()
    by_high_court = policy in _LED_BY_HIGH_COURT
    leading = HIGH if by_high_court else INTERMEDIATE
    jurisdiction = invented.found_jurisdiction(
        code=CODE,
        prefix="SF",
        policy=policy,
        name="示范市",
        name_en="Shifan",
        court_code=leading.code,
        court_name=leading.name,
        court_name_en=leading.name_en,
        level=Court.Level.HIGH if by_high_court else Court.Level.INTERMEDIATE,
    )
    assert jurisdiction.leading_court is not None
    courts = {leading: jurisdiction.leading_court}
    if by_high_court:
        courts[INTERMEDIATE] = invented.add_intermediate_court(
            jurisdiction,
            code=INTERMEDIATE.code,
            name=INTERMEDIATE.name,
            name_en=INTERMEDIATE.name_en,
        )
    for seat in PRIMARY:
        courts[seat] = invented.add_primary_court(
            jurisdiction,
            code=seat.code,
            name=seat.name,
            name_en=seat.name_en,
            parent=courts[INTERMEDIATE],
        )
    names = invented.invented_names()
    for seat, court in courts.items():
        plan = invented.Plan(
            divisions=seat.divisions, deputy_presidents=2, has_contact_person=by_high_court
        )
        since = now - _YEARS_STAFFED
        invented.staff_court(court, plan, since=since, prefix=f"{seat.slug}.", names=names)
    city = City(jurisdiction)
    _unusual_posts(city, now)
    _sign_ins(city, password)
    return City(jurisdiction)


def _unusual_posts(city: City, now: datetime) -> None:
    """A post that stands vacant, and one that another acts for."""
    criminal = city.staff("nanping", "criminal").division
    leader = Tenure.objects.get(post__department=criminal, post__kind=Post.Kind.DEPARTMENT_LEADER)
    leader.until_at = now - timedelta(days=40)
    leader.save(update_fields=["until_at"])
    civil = city.staff("xiling", "civil", 1)
    post = Post.objects.get(department=civil.division, kind=Post.Kind.DEPARTMENT_LEADER)
    Tenure.objects.create(
        post=post, person=civil.judges[-1], is_acting=True, from_at=now - timedelta(days=25)
    )


def _sign_ins(city: City, password: str) -> None:
    # Hashing is slow on purpose; one hash does for a password that everybody shares.
    hashed = make_password(password)
    for seat in sign_ins(city.jurisdiction.policy):
        person = city.holder(seat)
        person.username = seat.username
        person.password = hashed
        person.save(update_fields=["username", "password"])
    Person.objects.create(
        username=ADMINISTRATOR,
        password=hashed,
        name="平台管理员",
        name_en="Platform Administrator",
        is_staff=True,
        is_superuser=True,
    )
