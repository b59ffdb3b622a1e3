"""Components: the word always stands beside the colour, and fields are tied to their errors."""

import re
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from courts.templatetags import ui

TEMPLATES = Path(settings.BASE_DIR) / "templates"


def shown(source: str, **context: object) -> str:
    with translation.override("en"):
        html = Template("{% load ui %}" + source).render(Context(context))
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ("0 3", "3 business days from tomorrow · until Wed 27 May"),
        ("2 3", "business day 2 of 3 · until Wed 27 May"),
        ("3 3", "due today · until Wed 27 May"),
        ("4 3", "late by 1 business day · limit was Wed 27 May"),
        ("6 3", "late by 3 business days · limit was Wed 27 May"),
    ],
)
def test_a_limit_reads_in_business_days(numbers, words):
    assert shown(f"{{% limit_chip {numbers} until %}}", until=date(2026, 5, 27)) == words


def test_a_limit_given_as_its_end_names_the_last_day():
    end = datetime(2026, 5, 28, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert "until Wed 27 May" in shown("{% limit_chip 2 3 until %}", until=end)


def test_a_settled_limit_says_done():
    assert shown("{% limit_chip 2 3 until state='done' %}", until=date(2026, 5, 27)) == "Done"


@pytest.mark.parametrize("state", ui.SETTLED)
def test_a_limit_that_no_longer_runs_counts_no_days(state):
    with translation.override("en"):
        words = shown(
            "{% limit_chip 2 3 until state=state %}", until=date(2026, 5, 27), state=state
        )
        assert words == str(ui.STATES[state][2])


@pytest.mark.parametrize("state", ui.STATES)
def test_every_state_has_a_word_and_an_icon_of_the_sprite(state):
    tone, icon, word = ui.STATES[state]
    assert tone in {"neutral", "running", "due", "late", "done"}
    with translation.override("en"):
        word = str(word)
    assert shown("{% status_chip state %}", state=state) == word
    assert f'<symbol id="{icon}"' in Path(finders.find("icons.svg")).read_text()


def test_an_unknown_state_keeps_its_own_word():
    assert shown("{% status_chip 'odd' label='is odd' %}") == "Is odd"


def test_every_icon_named_in_a_template_is_in_the_sprite():
    sprite = set(re.findall(r'<symbol id="([\w-]+)"', Path(finders.find("icons.svg")).read_text()))
    named = {
        name
        for page in TEMPLATES.rglob("*.html")
        for name in re.findall(r"""{% icon ["']([\w-]+)["']""", page.read_text())
    }
    assert named, "no icon found: the pattern has gone stale"
    assert named <= sprite


def test_no_template_carries_inline_style_or_script():
    pages = {page: page.read_text() for page in TEMPLATES.rglob("*.html")}
    assert pages
    for page, text in pages.items():
        assert not re.search(r"<[^>]*\sstyle\s*=", text), page
        assert not re.search(r"<[^>]*\son[a-z]+\s*=", text), page
        assert "<style" not in text, page
        assert not re.search(r"<script(?![^>]*\ssrc=)", text), page


class Wish(forms.Form):
    name = forms.CharField(help_text="As on your identity card.")
    way = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    note = forms.CharField(required=False)


def test_a_refused_form_lists_its_errors_and_ties_them_to_the_fields():
    with translation.override("en"):
        html = str(Wish({"name": "", "way": ""}))
    assert 'role="alert"' in html
    for target in re.findall(r'href="#([\w-]+)"', html):
        assert f'id="{target}"' in html
    assert re.search(r'<input[^>]*aria-invalid="true"[^>]*id="id_name"', html)
    described = re.search(r'<input[^>]*name="name"[^>]*aria-describedby="([^"]+)"', html)
    assert described
    assert all(f'id="{name}"' in html for name in described[1].split())
    assert html.count("(optional)") == 1
    assert "<fieldset" in html


def test_a_fresh_form_has_no_summary():
    assert "error-summary" not in str(Wish())


def test_a_sorted_column_turns_round_and_drops_the_cursor():
    request = RequestFactory().get("/?sort=due&after=abc&court=1")
    with translation.override("en"):
        html = Template("{% load ui %}{% sort_header 'due' 'Due' %}").render(
            Context({"request": request})
        )
    assert 'aria-sort="ascending"' in html
    assert "sort=-due" in html
    assert "court=1" in html
    assert "abc" not in html


@pytest.mark.parametrize("share", [(0.934, "93.4%"), (1, "100.0%"), (None, "–")])
def test_a_share_without_a_whole_is_a_dash(share):
    assert ui.percent(share[0]) == share[1]


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "409", "429", "500", "503"])
def test_an_error_page_needs_no_context_and_speaks_both_languages(code):
    html = render_to_string(f"{code}.html")
    assert '<html lang="zh-Hans">' in html
    assert '<section lang="en">' in html
    assert re.search(r"<h1>\s*[\u4e00-\u9fff]", html)
    assert re.search(r"<h2>\s*[A-Z][a-z]", html)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("running", "within 30 minutes · until Wed 27 May 14:30"),
        ("due_today", "within 30 minutes · until Wed 27 May 14:30"),
        ("late", "late · limit was Wed 27 May 14:30"),
        ("done", "Done"),
    ],
)
def test_a_limit_in_minutes_reads_by_the_clock(state, words):
    end = datetime(2026, 5, 27, 14, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    chip = "{% limit_chip 0 0 until state=state minutes=30 %}"
    assert shown(chip, until=end, state=state) == words
