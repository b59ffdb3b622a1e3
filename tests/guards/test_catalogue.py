"""The catalogue shows whatever pages are made of: what is new and not in it fails here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings as project
from django.test import Client
from django.urls import reverse
from django.utils import translation

from courts.templatetags import charts, ui
from escalation.templatetags import ladder
from reports.catalogue.views import ERRORS, FRAMES, PAGES

ROOT: Path = project.BASE_DIR
COMPONENTS = {
    f"components/{path.name}" for path in (ROOT / "templates" / "components").glob("*.html")
}
ADDRESSES = [
    *(("catalogue:page", name) for name in PAGES),
    *(("catalogue:frame", name) for name in (*FRAMES, *ERRORS)),
]
LIBRARIES = (ui, charts, ladder)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _shown(settings) -> None:
    settings.COMPONENT_CATALOGUE = True


def _rendered(client: Client) -> set[str]:
    """The names of all templates that the catalogue renders."""
    found: set[str] = set()
    for name, part in ADDRESSES:
        answer = client.get(reverse(name, args=[part]))
        assert answer.status_code == 200, (name, part)
        found |= {template.name for template in answer.templates if template.name}
    return found


def test_every_component_is_shown(client: Client) -> None:
    assert len(COMPONENTS) > 30
    assert COMPONENTS - _rendered(client) == set()


def test_every_tag_and_filter_is_shown(client: Client) -> None:
    templates = [ROOT / "templates" / name for name in _rendered(client)]
    source = "\n".join(path.read_text() for path in templates if path.is_file())
    missing = {
        name
        for library in LIBRARIES
        for name in library.register.tags
        if not re.search(rf"{{% {name}\b", source)
    }
    missing |= {
        name
        for library in LIBRARIES
        for name in library.register.filters
        if not re.search(rf"\|{name}\b", source)
    }
    assert missing == set()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_state_and_every_button_is_shown(client: Client, language: str) -> None:
    client.cookies[project.LANGUAGE_COOKIE_NAME] = language
    words = client.get(reverse("catalogue:page", args=["words"])).content.decode()
    buttons = client.get(reverse("catalogue:page", args=["forms"])).content.decode()
    with translation.override(language):
        for _tone, icon, word in ui.STATES.values():
            assert f"#{icon}" in words
            assert str(word) in words
        for label in ("Answer on the spot", "Return to the desk", "Reject the reply", "Complete"):
            assert translation.gettext(label) in buttons


def test_a_table_is_filtered_sorted_and_cut(client: Client) -> None:
    address = reverse("catalogue:page", args=["lists"])

    def numbers(query: str) -> list[str]:
        page = client.get(f"{address}?{query}").content.decode()
        return re.findall(r'<span class="unbroken">(SF\d+-\d+)</span>\s*</th>', page)

    assert numbers("") == [f"SF202610{day:02}-000{day:02}" for day in range(8, 13)]
    assert numbers("sort=-number")[0] == "SF20261021-00021"
    assert numbers("after=SF20261012-00012")[0] == "SF20261013-00013"
    assert numbers("before=SF20261013-00013") == numbers("")
    assert numbers("q=00020") == ["SF20261020-00020"]
    assert numbers("state=withdrawn") == [
        "SF20261009-00009",
        "SF20261014-00014",
        "SF20261019-00019",
    ]
    assert numbers("q=nowhere") == []


@pytest.mark.parametrize(("name", "part"), ADDRESSES)
def test_nothing_of_it_is_there_where_it_is_off(
    client: Client, settings, name: str, part: str
) -> None:
    settings.COMPONENT_CATALOGUE = False
    assert client.get(reverse(name, args=[part])).status_code == 404


def test_no_page_beyond_those_named(client: Client) -> None:
    assert client.get(reverse("catalogue:page", args=["others"])).status_code == 404
    assert client.get(reverse("catalogue:frame", args=["418"])).status_code == 404
