"""Invented courts and people: for demonstrations, replays and tests, never for a deployment.

Every post is staffed by a different person, so that a count of recipients is a count of posts.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from courts.models import Court, Department, Jurisdiction, Person, Post, Tenure

_SURNAMES = (
    ("林", "Lin"), ("陈", "Chen"), ("黄", "Huang"), ("何", "He"), ("梁", "Liang"),
    ("郑", "Zheng"), ("谢", "Xie"), ("罗", "Luo"), ("邓", "Deng"), ("冯", "Feng"),
    ("曾", "Zeng"), ("彭", "Peng"), ("苏", "Su"), ("卢", "Lu"), ("叶", "Ye"),
    ("魏", "Wei"), ("程", "Cheng"), ("沈", "Shen"), ("姚", "Yao"), ("钟", "Zhong"),
)  # fmt: skip
_GIVEN = (
    ("文静", "Wenjing"), ("志远", "Zhiyuan"), ("晓明", "Xiaoming"), ("思敏", "Simin"),
    ("国栋", "Guodong"), ("雅琴", "Yaqin"), ("海涛", "Haitao"), ("秀兰", "Xiulan"),
    ("建平", "Jianping"), ("慧", "Hui"), ("立新", "Lixin"), ("春燕", "Chunyan"),
    ("明哲", "Mingzhe"), ("佳怡", "Jiayi"), ("永康", "Yongkang"), ("若男", "Ruonan"),
    ("伯安", "Boan"),
)  # fmt: skip

# What the holder of a post is called, where it says more than the kind of post.
_TITLES = {
    Post.Kind.PRESIDENT: ("院长", "President"),
    Post.Kind.DEPUTY_PRESIDENT: ("副院长", "Deputy President"),
    Post.Kind.JUDGE: ("审判员", "Judge"),
    Post.Kind.JUDGE_ASSISTANT: ("法官助理", "Judge's Assistant"),
}
_LEADER_TITLES = {
    Department.Kind.TRIAL: ("庭长", "Division Chief"),
    Department.Kind.ENFORCEMENT: ("局长", "Director"),
}


def invented_names() -> Iterator[tuple[str, str]]:
    """Names of invented people in Chinese and English, always in the same order."""
    for number in itertools.count():
        surname, surname_en = _SURNAMES[number % len(_SURNAMES)]
        # The two lists have no common length, so that all pairs come before one repeats.
        given, given_en = _GIVEN[number % len(_GIVEN)]
        yield surname + given, f"{given_en} {surname_en}"


@dataclass(frozen=True)
class Plan:
    """How an invented court is staffed."""

    divisions: tuple[tuple[str, str], ...] = (
        ("民事审判庭", "Civil Division"),
        ("执行局", "Enforcement Bureau"),
    )
    judges_per_division: int = 2
    service_staff: int = 2
    # The departments are shared out among them in order.
    deputy_presidents: int = 1
    # One contact person of the Litigation Service for the whole court (B7), and not a liaison
    # officer in every department (G9).
    has_contact_person: bool = False


def found_jurisdiction(
    *,
    code: str,
    prefix: str,
    policy: str,
    name: str,
    name_en: str,
    court_code: str,
    court_name: str,
    court_name_en: str,
    level: str = Court.Level.INTERMEDIATE,
) -> Jurisdiction:
    """An invented jurisdiction with its leading court."""
    jurisdiction = Jurisdiction.objects.create(
        code=code,
        number_prefix=prefix,
        policy=policy,
        name=name,
        name_en=name_en,
        is_demonstration=True,
    )
    jurisdiction.leading_court = Court.objects.create(
        code=court_code,
        name=court_name,
        name_en=court_name_en,
        level=level,
        jurisdiction=jurisdiction,
        is_ranked=True,
    )
    jurisdiction.save()
    return jurisdiction


def add_primary_court(
    jurisdiction: Jurisdiction, *, code: str, name: str, name_en: str, parent: Court | None = None
) -> Court:
    """An invented primary court under the leading court of a jurisdiction, or under ``parent``."""
    return _add_court(
        jurisdiction, Court.Level.PRIMARY, parent, code=code, name=name, name_en=name_en
    )


def add_intermediate_court(
    jurisdiction: Jurisdiction, *, code: str, name: str, name_en: str
) -> Court:
    """An invented intermediate court under the High Court that leads a jurisdiction."""
    return _add_court(
        jurisdiction, Court.Level.INTERMEDIATE, None, code=code, name=name, name_en=name_en
    )


def _add_court(jurisdiction: Jurisdiction, level: str, parent: Court | None, **named: str) -> Court:
    return Court.objects.create(
        **named,
        level=level,
        parent=parent or jurisdiction.leading_court,
        jurisdiction=jurisdiction,
        is_ranked=True,
    )


@dataclass
class _Staffing:
    """Collects the people of a court, to be written in few statements."""

    court: Court
    since: datetime
    names: Iterator[tuple[str, str]]
    prefix: str
    email_domain: str
    # How many people there were before: telephone numbers are counted on from court to court.
    before: int
    seats: list[tuple[Post, Person]] = field(default_factory=list)

    def seat(self, kind: str, department: Department | None = None) -> Post:
        """A post with a holder of its own, not written yet."""
        number = len(self.seats) + 1
        title = _TITLES.get(Post.Kind(kind), ("", ""))
        if kind == Post.Kind.DEPARTMENT_LEADER and department is not None:
            title = _LEADER_TITLES.get(Department.Kind(department.kind), ("主任", "Director"))
        name, name_en = next(self.names)
        username = f"{self.prefix}{number:03d}"
        person = Person(
            username=username,
            name=name,
            name_en=name_en,
            email=f"{username}@{self.email_domain}" if self.email_domain else "",
            office_phone=f"000-{5500000 + self.before + number}",
        )
        person.set_unusable_password()
        post = Post(
            court=self.court, department=department, kind=kind, title=title[0], title_en=title[1]
        )
        self.seats.append((post, person))
        return post

    def write(self) -> None:
        """Write everyone: three statements."""
        Person.objects.bulk_create([person for _post, person in self.seats])
        Post.objects.bulk_create([post for post, _person in self.seats])
        Tenure.objects.bulk_create(
            [Tenure(post=post, person=person, from_at=self.since) for post, person in self.seats]
        )


def staff_court(
    court: Court,
    plan: Plan,
    *,
    since: datetime,
    prefix: str,
    names: Iterator[tuple[str, str]] | None = None,
    email_domain: str = "",
) -> list[Department]:
    """Give an invented court its departments and a different person for every post.

    ``since`` is when all tenures begin; ``prefix`` begins the user names. Returns the divisions
    that take work orders, in the plan's order.
    """
    kinds = Department.Kind
    before = Person.objects.count()
    staffing = _Staffing(court, since, names or invented_names(), prefix, email_domain, before)
    service = Department(
        court=court,
        kind=kinds.LITIGATION_SERVICE,
        name="诉讼服务办公室",
        name_en="Litigation Service Office",
    )
    divisions = [
        Department(
            court=court,
            kind=kinds.ENFORCEMENT if "执行" in name else kinds.TRIAL,
            name=name,
            name_en=name_en,
        )
        for name, name_en in plan.divisions
    ]
    in_charge = [service, *divisions]
    Department.objects.bulk_create(in_charge)
    staffing.seat(Post.Kind.PRESIDENT)
    share = -(-len(in_charge) // plan.deputy_presidents)
    deputies = [
        (staffing.seat(Post.Kind.DEPUTY_PRESIDENT), in_charge[first : first + share])
        for first in range(0, len(in_charge), share)
    ]
    if plan.has_contact_person:
        contact = staffing.seat(Post.Kind.LIAISON_OFFICER)
        contact.title, contact.title_en = "诉讼服务联络人", "Litigation Service Contact Person"
    for department in (service, *divisions):
        staffing.seat(Post.Kind.DEPARTMENT_LEADER, department)
        if not plan.has_contact_person:
            staffing.seat(Post.Kind.LIAISON_OFFICER, department)
    for _ in range(plan.service_staff):
        staffing.seat(Post.Kind.SERVICE_STAFF, service)
    staffing.seat(Post.Kind.HOTLINE_AGENT, service)
    for division in divisions:
        for _ in range(plan.judges_per_division):
            staffing.seat(Post.Kind.JUDGE, division)
        staffing.seat(Post.Kind.JUDGE_ASSISTANT, division)
    if court.jurisdiction and court.jurisdiction.leading_court_id == court.pk:
        _staff_offices(staffing, service)
    staffing.write()
    for deputy, departments in deputies:
        deputy.departments_in_charge.set(departments)
    return divisions


_FILING_CHAMBER = (
    Department.Kind.FILING_CHAMBER,
    "立案庭",
    "Case Filing Chamber",
    Post.Kind.FILING_CHAMBER,
)
_TRIAL_MANAGEMENT = (
    Department.Kind.TRIAL_MANAGEMENT,
    "审判管理办公室",
    "Trial Management Office",
    Post.Kind.TRIAL_MANAGEMENT,
)
_DISCIPLINE = (
    Department.Kind.DISCIPLINE,
    "纪检监察室",
    "Discipline Inspection and Supervision Office",
    Post.Kind.DISCIPLINE,
)
_INSPECTION = (Department.Kind.INSPECTION, "督察室", "Inspection Office", Post.Kind.INSPECTION)
_TECHNOLOGY = (
    Department.Kind.TECHNOLOGY,
    "技术信息处",
    "Technology and Information Division",
    Post.Kind.TECHNOLOGY,
)


def _staff_offices(staffing: _Staffing, service: Department) -> None:
    """The offices that only the leading court of a jurisdiction has.

    In a High Court the Litigation Service Office does what the Case Filing Chamber does in an
    Intermediate Court, and the Inspection Office audits (B9, B14).
    """
    offices = [_FILING_CHAMBER, _TRIAL_MANAGEMENT, _DISCIPLINE, _INSPECTION, _TECHNOLOGY]
    if staffing.court.level == Court.Level.HIGH:
        staffing.seat(Post.Kind.FILING_CHAMBER, service)
        offices = [_TRIAL_MANAGEMENT, _INSPECTION, _TECHNOLOGY]
    for kind, name, name_en, post in offices:
        office = Department.objects.create(
            court=staffing.court, kind=kind, name=name, name_en=name_en, is_open=False
        )
        staffing.seat(post, office)
