"""Whoever reads Chinese reads Chinese everywhere, and whoever reads English reads English."""

import ast
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings
from django.contrib import admin
from django.core.management import call_command
from django.utils import translation

ROOT = Path(settings.BASE_DIR)
TEMPLATES = ROOT / "templates"
CATALOGUE = "locale/zh_Hans/LC_MESSAGES/django.po"
NOT_OURS = (".*", "var", "tests", "benchmarks", "docs", "static", "staticfiles", "__pycache__")

CHINESE = re.compile(r"[\u3007\u4e00-\u9fff]")
# Punctuation alone, or placeholders alone: right without a Chinese character.
WORDLESS = {
    ", ",
    "; ",
    " (%(share)s)",
    "{kind}, {stage}",
    "%(day0)s (%(what)s)",
    "%(department)s of %(court)s",
    "%(done)s of %(of)s",
    "%(kind)s: %(name)s",
    "%(label)s: %(error)s",
    "%(name)s (%(aside)s)",
    "%(name)s (%(why)s)",
    "%(name)s, %(when)s:",
    "%(name)s: %(value)s",
    "%(opening)s, %(trend)s.",
    "%(others)s and %(last)s",
    "%(what)s %(number)s",
    "CSV",
    "JSON",
    "PDF",
    "XLSX",
}
# What an English sentence may quote: parts of a case number stay as they stand on the paper.
QUOTED = re.compile(r"（\d{4}）(示\d{4}民初\d+号)?|民初|执|号")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|%[sd]|\{\w*\}")

# Both languages stand side by side, because nobody knows yet which one the reader wants.
BILINGUAL = {
    "base/_demonstration.html",
    "base/_language.html",
    "base/error.html",
    "registration/session_ended.html",
    *(f"{code}.html" for code in ("400", "403", "403_csrf", "404", "409", "429", "500", "503")),
}
# Chinese that is no text of the interface: what is read or made, not what is said.
CHINESE_CODE = {
    "cases/api/serializers.py": "a case number as an example",
    "cases/case_number.py": "the grammar of case numbers",
    "cases/court_names.py": "how courts' names are shortened",
    "cases/messages.py": "case numbers as examples",
    "courts/date_words.py": "dates are put in words here, in both languages",
    "courts/day_names.py": "names of holidays, as the schedules write them",
    "courts/invented.py": "names of invented courts and people",
    "deploy/data/build_court_codes.py": "reads lists of courts",
    "deploy/trial_system/": "what an invented trial business system says",
    "escalation/api/serializers.py": "the code of a court as an example",
    "liaison/api/serializers.py": "a case number as an example",
    "liaison/forms.py": "a case number as an example",
    "liaison/portal/case_number.py": "type codes of cases",
    "liaison/triage.py": "words that are looked for in messages",
    "notices/text_samples.py": "a case number as an example",
    "reports/briefing/issues.py": "a case number without its serial number",
    "reports/briefing/naming.py": "how the parts of an official document are numbered",
    "reports/demonstration/": "the invented city's people and messages",
    "reports/generated/": "the generated city's courts, people and messages",
    "reports/replay/player.py": "names of invented courts and people",
}
KEYS = {"Ctrl", "Enter", "Esc"}  # as they are printed on the keyboard
# An attribute and no text: it is included inside a tag.
ATTRIBUTES = {"components/key.html"}


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def _messages(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def _key(message: Message) -> tuple[str | None, str]:
    return message.context, _forms(message.id)[0]


def _forms(text: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return _read(ROOT / CATALOGUE)


def test_every_text_is_translated(catalog: Catalog):
    missing = [
        message.id
        for message in _messages(catalog)
        if message.fuzzy or not all(_forms(message.string))
    ]
    assert missing == []


def test_every_translation_is_chinese(catalog: Catalog):
    foreign = [
        message.id
        for message in _messages(catalog)
        if message.id not in WORDLESS
        and not all(CHINESE.search(form) for form in _forms(message.string))
    ]
    assert foreign == []


def test_every_source_text_is_english(catalog: Catalog):
    chinese = [
        form
        for message in _messages(catalog)
        for form in _forms(message.id)
        if CHINESE.search(QUOTED.sub("", form))
    ]
    assert chinese == []


def test_translations_keep_the_placeholders(catalog: Catalog):
    differing = [
        (message.id, form)
        for message in _messages(catalog)
        for form in _forms(message.string)
        if set(PLACEHOLDER.findall(form)) != set(PLACEHOLDER.findall(_forms(message.id)[-1]))
    ]
    assert differing == []


@pytest.mark.gettext
def test_the_catalogue_knows_every_text_of_the_source(
    catalog: Catalog, tmp_path: Path, settings, monkeypatch: pytest.MonkeyPatch
):
    """What `make messages` would find today is in the catalogue already."""
    source = tmp_path / "source"
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(*NOT_OURS, "locale"))
    settings.LOCALE_PATHS = [source / "locale"]
    (source / "locale").mkdir()
    monkeypatch.chdir(source)
    call_command("makemessages", locale=["zh_Hans"], verbosity=0)

    found = {_key(message) for message in _messages(_read(source / CATALOGUE))}
    assert len(found) > 900  # the extraction has seen the templates, too
    assert found - {_key(message) for message in _messages(catalog)} == set()


def _templates() -> Iterator[tuple[str, str]]:
    for path in sorted(TEMPLATES.rglob("*")):
        name = path.relative_to(TEMPLATES).as_posix()
        if path.is_file() and name not in BILINGUAL:
            yield name, path.read_text(encoding="utf-8")


def test_templates_hold_no_chinese_of_their_own():
    assert [name for name, text in _templates() if CHINESE.search(text)] == []


def test_templates_hold_no_english_outside_translations():
    found = {
        name: words
        for name, text in _templates()
        if name not in ATTRIBUTES and (words := _bare_words(text))
    }
    assert found == {}


def _bare_words(text: str) -> set[str]:
    """Words that a reader would see whatever the language: text and spoken attributes."""
    text = re.sub(r"\{%\s*comment.*?endcomment\s*%\}", " ", text, flags=re.DOTALL)
    text = re.sub(r"\{%\s*blocktrans.*?endblocktrans(late)?\s*%\}", " ", text, flags=re.DOTALL)
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", " ", text, flags=re.DOTALL)
    text = re.sub(r"<(script|style)\b.*?</\1>|<!--.*?-->|<!doctype[^>]*>", " ", text, flags=re.S)
    spoken = " ".join(re.findall(r'\s(?:alt|title|placeholder|aria-label)="([^"]*)"', text))
    text = re.sub(r"<[^>]*>", " ", text)
    return set(re.findall(r"[A-Za-z]{2,}", re.sub(r"&\w+;", " ", f"{text} {spoken}"))) - KEYS


def test_code_holds_no_chinese_of_its_own():
    found = [
        name
        for path in sorted(ROOT.rglob("*.py"))
        if not _is_foreign(name := path.relative_to(ROOT).as_posix())
        and not any(name.startswith(known) for known in CHINESE_CODE)
        and any(CHINESE.search(text) for text in _strings(path))
    ]
    assert found == []


def _is_foreign(name: str) -> bool:
    first = name.split("/")[0]
    return first.startswith(".") or first in NOT_OURS or "/migrations/" in name


def _strings(path: Path) -> Iterator[str]:
    """The texts of a module, without its docstrings and comments."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    spoken = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in spoken
        ):
            yield node.value


def test_the_list_of_chinese_code_is_not_longer_than_needed():
    unneeded = [
        known
        for known in CHINESE_CODE
        if not any(
            CHINESE.search(text) for path in (ROOT / known).rglob("*.py") for text in _strings(path)
        )
        and not ((ROOT / known).is_file() and any(map(CHINESE.search, _strings(ROOT / known))))
    ]
    assert unneeded == []


def test_the_administration_names_its_models_and_columns_in_chinese():
    """A model or a field without a name of its own would show its English one."""
    ours = {"courts", "notices", "escalation", "cases", "liaison", "workorders", "reports"}
    unnamed = []
    with translation.override("zh-hans"):
        for model, page in admin.site._registry.items():
            if model._meta.app_label not in ours:
                continue
            if not CHINESE.search(str(model._meta.verbose_name_plural)):
                unnamed.append(model._meta.label)
            columns = {*page.list_display, *page.readonly_fields}
            unnamed += [
                f"{model._meta.label}.{field.name}"
                for field in model._meta.fields
                if (field.editable or field.name in columns) and not field.primary_key
                if not CHINESE.search(str(field.verbose_name))
            ]
    assert "\n".join(unnamed) == ""
