"""Real courts are loaded as master data, once, with their rank in the jurisdiction."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from courts import master_data
from courts.models import Court, Jurisdiction

pytestmark = pytest.mark.django_db


def _load(name: str) -> str:
    out = StringIO()
    call_command("load_courts", name, stdout=out, stderr=out)
    return out.getvalue()


def test_guangzhou_is_its_intermediate_court_and_the_primary_courts_below() -> None:
    said = _load("guangzhou")
    jurisdiction = Jurisdiction.objects.get(code="guangzhou")
    assert jurisdiction.leading_court == Court.objects.get(code="粤01")
    assert not jurisdiction.is_demonstration
    ranked = Court.objects.filter(is_ranked=True, jurisdiction=jurisdiction)
    assert ranked.count() == 14
    primary = ranked.filter(level=Court.Level.PRIMARY)
    assert {court.parent for court in primary} == {jurisdiction.leading_court}
    assert "14 courts in the jurisdiction, 14 of them ranked" in said
    special = Court.objects.filter(
        kind__in=[Court.Kind.RAILWAY, Court.Kind.MARITIME, Court.Kind.INTELLECTUAL_PROPERTY]
    )
    assert special.count() == 6
    assert not special.filter(is_ranked=True).exists()


def test_beijing_has_courts_of_three_levels_under_the_high_court() -> None:
    _load("beijing")
    jurisdiction = Jurisdiction.objects.get(code="beijing")
    assert jurisdiction.leading_court is not None
    assert jurisdiction.leading_court.level == Court.Level.HIGH
    ranked = Court.objects.filter(is_ranked=True)
    levels = {level: ranked.filter(level=level).count() for level in Court.Level.values}
    assert levels == {"supreme": 0, "high": 1, "intermediate": 4, "primary": 17}
    assert not Court.objects.get(code="京73").is_ranked


def test_loading_again_changes_nothing_and_keeps_what_administrators_decided() -> None:
    _load("guangzhou")
    _load("beijing")
    Jurisdiction.objects.filter(code="guangzhou").update(policy="beijing")
    before = list(Court.objects.order_by("pk").values())
    assert "nothing changed" in _load("guangzhou")
    assert list(Court.objects.order_by("pk").values()) == before
    assert Jurisdiction.objects.get(code="guangzhou").policy == "beijing"


def test_a_fact_that_was_changed_is_brought_up_to_the_file() -> None:
    _load("guangzhou")
    Court.objects.filter(code="粤0103").update(is_ranked=False, name_en="Wrong")
    assert "changed: 广州市荔湾区人民法院" in _load("guangzhou")
    court = Court.objects.get(code="粤0103")
    assert court.is_ranked
    assert court.name_en != "Wrong"


def test_an_unknown_name_is_refused_with_what_there_is() -> None:
    with pytest.raises(CommandError, match="beijing, guangzhou"):
        _load("atlantis")
    assert not Court.objects.exists()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    document = json.loads((master_data.FOLDER / "guangzhou.json").read_text(encoding="utf-8"))
    by_code = {row["code"]: row for row in document["courts"]}
    by_code["粤0103"]["parent"] = "无此法院"
    document["courts"].reverse()  # the order of rows means nothing
    (tmp_path / "guangzhou.json").write_text(json.dumps(document), encoding="utf-8")
    monkeypatch.setattr(master_data, "FOLDER", tmp_path)
    return tmp_path


def test_a_row_whose_superior_court_is_unknown_is_reported_and_the_others_loaded(
    folder: Path,
) -> None:
    loaded = master_data.load("guangzhou")
    assert loaded.problems == ["广州市荔湾区人民法院: superior court '无此法院' is unknown"]
    assert Court.objects.filter(is_ranked=True).count() == 13
    with pytest.raises(CommandError, match="1 rows were left out"):
        _load("guangzhou")


def test_a_code_that_another_court_has_is_reported() -> None:
    Court.objects.create(code="粤0103", name="另一法院", level=Court.Level.PRIMARY)
    loaded = master_data.load("guangzhou")
    assert loaded.problems == ["广州市荔湾区人民法院: another court has the code '粤0103'"]
