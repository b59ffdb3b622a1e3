"""Founding a generated city: invented courts and people, as many as are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from cases.case_number import default_table
from courts import invented
from courts.models import Jurisdiction
from reports.demonstration.city import NationalName

NAME, SIGN, PREFIX, CODE = "示例市", "例", "SL", "generated"
_DISTRICTS = (
    "青禾区", "云台区", "石桥区", "柳湾区", "松岭区", "白鹭区", "望潮区", "竹溪县",
    "长渡县", "丹霞区", "镜湖区", "鹿鸣区", "芦荻县", "桐花区", "星沙湾区",
)  # fmt: skip
# In the order in which a court gets them; then civil divisions by number.
_DIVISIONS = (
    ("民事审判一庭", "First Civil Division"),
    ("执行局", "Enforcement Bureau"),
    ("刑事审判庭", "Criminal Division"),
    ("行政审判庭", "Administrative Division"),
    ("民事审判二庭", "Second Civil Division"),
    ("民事审判三庭", "Third Civil Division"),
)
# So long before the first request everybody has held their post.
_STAFFED = timedelta(days=400)


def divisions(count: int) -> tuple[tuple[str, str], ...]:
    """The names of so many divisions."""
    more = (
        (f"民事审判第{number}团队", f"Civil Team {number}")
        for number in range(1, max(count - len(_DIVISIONS), 0) + 1)
    )
    return (*_DIVISIONS[:count], *more)


def planned(name: str, courts: int) -> Iterator[tuple[str, str]]:
    """Code and name of each court of a city of so many, the leading court first."""
    yield f"{SIGN}01", f"{name}中级人民法院"
    for number in range(1, courts):
        place = _DISTRICTS[number - 1] if number <= len(_DISTRICTS) else f"第{number}区"
        yield f"{SIGN}01{number:02d}", f"{name}{place}人民法院"


def check_invented(name: str, courts: int) -> None:
    """Raise ``NationalName`` if a court of the plan, or the city itself, is a real one's.

    Real is what occurs in the name of any court of the national table: a city without its
    province, or a district without its city, is refused as well.
    """
    table = default_table()
    if not name.strip():
        raise NationalName(name)
    for code, court in planned(name, courts):
        if table.by_code(code):
            raise NationalName(f"{code} {court}")
        for real in table.courts:
            if name in real.name or court in real.name:
                raise NationalName(f"{name} ({real.name})")


def found(
    *, name: str, courts: int, divisions_each: int, judges: int, policy: str, first: datetime
) -> Jurisdiction:
    """Found and staff a city whose first request comes at ``first``; raises ``NationalName``."""
    check_invented(name, courts)
    names = invented.invented_names()
    plan = invented.Plan(
        divisions=divisions(divisions_each), judges_per_division=judges, deputy_presidents=3
    )
    jurisdiction: Jurisdiction | None = None
    for number, (code, court_name) in enumerate(planned(name, courts)):
        if jurisdiction is None:
            jurisdiction = invented.found_jurisdiction(
                code=CODE,
                prefix=PREFIX,
                policy=policy,
                name=name,
                name_en="Generated City",
                court_code=code,
                court_name=court_name,
                court_name_en="Intermediate People's Court",
            )
            court = jurisdiction.leading_court
            assert court is not None
        else:
            court = invented.add_primary_court(
                jurisdiction, code=code, name=court_name, name_en=f"Primary Court {number}"
            )
        invented.staff_court(court, plan, since=first - _STAFFED, prefix=f"g{number}.", names=names)
    assert jurisdiction is not None
    return jurisdiction
