"""Case numbers: what is read, what is refused, and what a form may say about it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cases.case_number import CaseNumberError, default_table, find_all, normalise, parse
from cases.court_names import Court, CourtTable

SHENZHEN = "广东省深圳市中级人民法院"
GUANGZHOU = "广东省广州市中级人民法院"
HERE = Path(__file__).parent


def lines(name: str) -> list[str]:
    text = (HERE / name).read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize("raw", lines("numbers.txt"))
def test_courts_numbers_are_read(raw: str) -> None:
    number = parse(raw)
    assert number.candidates or not number.court_known
    assert number.type_code


@pytest.mark.parametrize("raw", lines("lookalikes.txt"))
def test_numbers_of_others_are_refused(raw: str) -> None:
    with pytest.raises(CaseNumberError):
        parse(raw)


def test_every_code_of_the_table_is_read_with_its_court() -> None:
    table = default_table()
    for court in table.courts:
        if court.code and court.status == "current":
            number = parse(f"（2021）{court.code}民初17号", table)
            assert (number.court_code, number.court_name) == (court.code, court.name)
            assert (number.type_code, number.serial, number.number) == ("民初", "17", 17)


def test_the_usual_short_name_of_a_district_court_finds_it() -> None:
    """First characters of city and district with 法: 穗越法, 深福法, 佛顺法 ..."""
    table = default_table()
    tried, other = 0, {}
    for court in table.courts:
        above = table.by_name(court.parent or "")
        if not above or not above.name.endswith("市中级人民法院") or court.level != "primary":
            continue
        city = above.name.removesuffix("市中级人民法院").rpartition("省")[2]
        if court.name.startswith(city + "市") and court.name.endswith("区人民法院"):
            short = city[0] + court.name.removeprefix(city + "市")[0] + "法"
            number = parse(f"（2014）{short}民初字第5号", table)
            tried += 1
            if court.name not in number.candidates:
                other[short] = number.candidates[0]
    assert tried > 500
    # Where the two characters are a court's mark or a whole place, that comes first.
    for short, name in other.items():
        whole = short[1] in "中市" or short[:2] in name
        assert whole or (short, name) == ("襄樊法", "湖北省襄阳市中级人民法院")
    assert len(other) < tried * 0.06  # 42 of 807 when this was written


@pytest.mark.parametrize(
    ("raw", "court", "tribunal", "type_code", "serial", "suffix", "name"),
    [
        ("(2020)粤0104民初3712号", "粤0104", "", "民初", "3712", "", "广州市越秀区人民法院"),
        (
            "【２０２１】粤 0104 执异3 号之一",
            "粤0104",
            "",
            "执异",
            "3",
            "之一",
            "广州市越秀区人民法院",
        ),
        ("〔2019〕粤73知民初8号", "粤73", "知", "民初", "8", "", "广州知识产权法院"),
        ("[2020]最高法知民终5号", "最高法", "知", "民终", "5", "", "最高人民法院"),
        ("（2014）穗越法民一初字第12号", "穗越法", "", "民一初", "12", "", "广州市越秀区人民法院"),
        (
            "（2014）深罗法龙刑一初字第7号",
            "深罗法",
            "龙",
            "刑一初",
            "7",
            "",
            "深圳市罗湖区人民法院",
        ),
        (
            "（2013）深中法知民初字第9号",
            "深中法",
            "知",
            "民初",
            "9",
            "",
            "广东省深圳市中级人民法院",
        ),
        ("（2013）甬民终字第014-2号", "甬", "", "民终", "014-2", "", "浙江省宁波市中级人民法院"),
        ("（2013）广海法初字第2号", "广海法", "", "初", "2", "", "广州海事法院"),
        ("（2013）民提字第6号", "", "", "民提", "6", "", "最高人民法院"),
        ("（2014）一中民三（知）终字第6号", "一中", "", "民三（知）终", "6", "", None),
    ],
)
def test_parts(
    raw: str, court: str, tribunal: str, type_code: str, serial: str, suffix: str, name: str | None
) -> None:
    number = parse(raw)
    assert (number.court_code or number.court_short_name) == court
    assert (number.tribunal, number.type_code) == (tribunal, type_code)
    assert (number.serial, number.suffix) == (serial, suffix)
    assert number.court_name == name


def test_a_court_newer_than_the_table_is_read_and_marked() -> None:
    number = parse("（2024）粤0199民初1号")
    assert not number.court_known
    assert number.court_name is None
    assert parse("（2024）粤0104民初1号").court_known


def test_a_practice_type_is_free_only_after_a_known_code() -> None:
    assert parse("（2023）粤0104引调7号").type_code == "引调"
    for refused in (
        "（2023）粤0199引调7号",
        "（2013）穗越引调字第7号",
        "（2023）粤0104证民字第7号",
    ):
        with pytest.raises(CaseNumberError, match="unknown_type"):
            parse(refused)


def test_places_must_belong_together() -> None:
    parse("（2014）深福法民初字第1号")
    parse("（2014）黑方正民初字第1号")
    for refused in ("（2014）京方正民初字第1号", "（2014）京福法民初字第1号"):
        with pytest.raises(CaseNumberError):
            parse(refused)


def test_an_unclear_short_name_names_no_court() -> None:
    number = parse("（2014）甬北民初字第1号")
    assert number.court_name is None
    assert set(number.candidates) == {"宁波市江北区人民法院", "宁波市北仑区人民法院"}


def test_second_instance_is_no_primary_court() -> None:
    assert parse("（2014）甬民终字第1号").court_name == "浙江省宁波市中级人民法院"
    assert not any("区人民法院" in name for name in parse("（2014）西民终字第1号").candidates)


@pytest.mark.parametrize(
    ("raw", "code", "suggestion"),
    [
        ("", "empty", None),
        ("  \u3000", "empty", None),
        ("号" * 500, "too_long", None),
        ("粤0104民初1号", "missing_year", None),
        ("（0104）粤0104民初1号", "missing_year", None),
        ("2020粤0104民初1号", "missing_bracket", "（2020）粤0104民初1号"),
        ("（2020粤0104民初1号", "missing_bracket", "（2020）粤0104民初1号"),
        ("（2020）", "missing_court", None),
        ("（2020）1号", "missing_court", None),
        ("（2020）猫0104民初1号", "unknown_court", None),
        ("（2014）猫狗民初字第1号", "unknown_court", None),
        ("（2020）粤0104", "missing_hao", None),
        ("（2020）粤01041号", "unknown_court", None),
        ("（2020）粤0104民民1号", "unknown_type", None),
        ("（2020）粤0104民初号", "missing_serial", None),
        ("（2020）粤0104民初", "missing_serial", None),
        ("（2020）粤0104民初1", "missing_hao", "（2020）粤0104民初1号"),
    ],
)
def test_the_error_names_the_part(raw: str, code: str, suggestion: str | None) -> None:
    with pytest.raises(CaseNumberError) as caught:
        parse(raw)
    assert caught.value.code == code
    if suggestion:
        assert caught.value.params["suggestion"] == suggestion
        assert parse(suggestion).court_name == "广州市越秀区人民法院"


def test_one_case_has_one_key() -> None:
    spellings = (
        "（2013）衢商破（预）字第1-1号",
        "(2013) 衢商破(预)字第1—1号",
        "[2013]衢商破（预）字1－1号",
    )
    assert len({parse(raw).key for raw in spellings}) == 1
    assert parse("（2016）川01民终字第5号").key == parse("（2016）川01民终5号").key


def test_a_deployment_adds_its_own_courts() -> None:
    raw = "（2026）示0101民初3号"
    with pytest.raises(CaseNumberError, match="unknown_court"):
        parse(raw)
    table = default_table().with_courts(
        {
            "示01": "示范市中级人民法院",
            "示0101": "示范市东城区人民法院",
            "粤01": GUANGZHOU,
        }
    )
    assert parse(raw, table).court_name == "示范市东城区人民法院"
    assert parse("（2026）粤01民终3号", table).court_name == GUANGZHOU
    assert parse("（2014）穗中法民终字第3号", table).court_name == GUANGZHOU


def test_without_courts_nothing_is_read() -> None:
    empty = CourtTable.from_rows([])
    for raw in lines("numbers.txt"):
        if "民提" not in raw and not raw[6:].startswith(("民", "执", "知")):
            with pytest.raises(CaseNumberError):
                parse(raw, empty)


def test_level_and_parent_come_from_the_list() -> None:
    table = default_table()
    (zhongxian,) = table.by_code("渝0233")
    assert zhongxian.parent == "重庆市第二中级人民法院"  # its digits would say the first
    present, former = table.by_code("粤7101")
    assert (present.status, former.status) == ("current", "former")
    assert table.with_courts([Court("示范市中级人民法院", "示01", "intermediate")]).by_code("示01")


def test_numbers_in_running_text() -> None:
    text = (
        "依据(2013)成证内经字第28004号公证书、（2019）年报，不服（２０２０）粤0104 民初3712号"
        "判决和（2014）穗越法民一初字第12号之一裁定"
    )
    found = find_all(text)
    assert [str(item.number) for item in found] == [
        "（2020）粤0104民初3712号",
        "（2014）穗越法民一初字第12号之一",
    ]
    assert text[found[1].start : found[1].end] == "（2014）穗越法民一初字第12号之一"


PIECES = st.sampled_from(
    [
        *"（）()[]【】〔〕０１9字第号之一年民刑初终法中知京粤穗甬越西海-—－ \u3000xX",
        "2014",
        "2020",
        "0104",
    ]
)
NEARLY = st.lists(PIECES, max_size=30).map("".join)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=120), NEARLY, NEARLY.map("（2014）{}号".format)))
@example("（２０１４）穗中法民终字第１号")
def test_whatever_comes_is_read_or_refused(raw: str) -> None:
    assert normalise(normalise(raw)) == normalise(raw)
    try:
        number = parse(raw)
    except CaseNumberError:
        return
    again = parse(str(number))
    assert again == number
    assert str(again) == normalise(raw)
    assert parse(number.key).key == number.key


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(st.text(max_size=20), NEARLY, st.just("（2020）粤0104民初1号"))))
def test_finding_never_fails(parts: list[str]) -> None:
    text = "".join(parts)
    for item in find_all(text):
        assert parse(text[item.start : item.end]) == item.number
