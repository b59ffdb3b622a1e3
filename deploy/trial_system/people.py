"""Invented people and bodies. Their numbers have the right form and can belong to nobody:

no region has the code 9999xx and no mobile number begins with 154.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

_SURNAMES = "林陈黄何梁郑谢罗邓冯曾彭苏卢叶魏程沈姚钟"
_GIVEN = (
    "文静", "志远", "晓明", "思敏", "国栋", "雅琴", "海涛", "秀兰", "建平", "慧", "立新", "春燕",
    "明哲", "佳怡", "永康", "若男", "伯安", "子轩", "雨桐", "浩然", "欣怡", "俊杰", "婷婷",
)  # fmt: skip
_PLACES = ("东湖", "西岭", "南屏", "北原", "示范")
_TRADES = ("建材", "物流", "餐饮管理", "科技", "置业", "服饰", "机电", "小额贷款", "物业服务")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(frozen=True)
class Somebody:
    """A person or a body as the court's records identify it."""

    name: str
    identity_kind: str
    identity_number: str
    phone: str

    def said(self, *, identified: bool = True, reachable: bool = True) -> Mapping[str, Any]:
        """The fields of a participant that tell who it is."""
        fields: dict[str, Any] = {"name": self.name}
        if identified:
            fields["identity_kind"] = self.identity_kind
            fields["identity_number"] = self.identity_number
        if reachable:
            fields["phone"] = self.phone
        return fields


def id_card(born: date, order: int) -> str:
    """An identity number of the form of GB 11643, of a region that does not exist."""
    start = f"9999{order // 1000 % 100:02d}{born:%Y%m%d}{order % 1000:03d}"
    total = sum(w * int(digit) for w, digit in zip(_ID_WEIGHTS, start, strict=True))
    return start + "10X98765432"[total % 11]


def credit_code(order: int) -> str:
    """A unified social credit code of the form of GB 32100, of a region that does not exist."""
    start = f"91999900{order % 10**9:09d}"
    total = sum(_CREDIT.index(c) * pow(3, place, 31) for place, c in enumerate(start))
    return start + _CREDIT[(31 - total % 31) % 31]


def mobile(order: int) -> str:
    """A mobile number that nobody can have."""
    return f"154{order % 10**8:08d}"


def person_name(random: Random) -> str:
    """A name."""
    return random.choice(_SURNAMES) + random.choice(_GIVEN)


def a_person(random: Random) -> Somebody:
    """A natural person of full age."""
    born = date(1950, 1, 1) + timedelta(days=random.randrange(365 * 55))
    number = id_card(born, random.randrange(100_000))
    return Somebody(person_name(random), "id_card", number, mobile(random.randrange(10**8)))


def a_company(number: int) -> Somebody:
    """The company of a number: banks and landlords meet the court again and again."""
    random = Random(f"company {number}")
    name = f"示范市{random.choice(_PLACES)}{random.choice(_GIVEN)}{random.choice(_TRADES)}有限公司"
    return Somebody(name, "credit_code", credit_code(number), mobile(50_000_000 + number))


def a_lawyer(number: int) -> Somebody:
    """The lawyer of a number."""
    random = Random(f"lawyer {number}")
    licence = f"199992{2000 + number % 20}1{number % 10**6:06d}"
    return Somebody(person_name(random), "lawyer_licence", licence, mobile(90_000_000 + number))
