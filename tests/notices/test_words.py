"""Every notice that is ever told has words: for inside and outside, in both languages."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from cases import push
from courts.models import Person
from liaison import sign_in
from liaison.access import access_code
from liaison.models import Request
from notices import kinds
from notices.kinds import Level
from notices.models import BouncingAddress, Contact, Notice
from notices.texts import WORDS
from tests.city import City, local
from tests.notices import every_kind
from tests.notices.every_kind import tell_every_kind

APPS = ("courts", "notices", "escalation", "cases", "liaison", "workorders", "reports")
# The only places that write to the outbox; all others go through them.
WRITERS = {
    "escalation/firing.py",
    "escalation/unannounced_year.py",
    "liaison/kinds.py",
    "cases/push.py",
    "liaison/sign_in.py",
    "notices/bounces.py",
    "reports/briefing/readers.py",
    "workorders/kinds.py",
    "reports/follow_up/verbs.py",
    "reports/assessment/telling.py",
    "reports/standing_book/scheduled.py",
}
# Of active push, told by SQL, and the code to sign in: they name no request. Their own tests are
# tests/cases/test_push_levels.py and tests/liaison/test_portal_sign_in.py.
# So do matters of the follow-up: tests/reports/test_follow_up_sight.py
# And files of the standing book: tests/reports/test_book_scheduled.py
OF_NO_REQUEST = {
    *push.KINDS,
    sign_in.KIND,
    "follow_up.news",
    "ladder.follow_up",
    "export.ready",
}
# Not of a request: there is no message to these.
CALENDAR, BOUNCES = "calendar.unannounced", "mail.bounces"
BRIEFING = "briefing.published"
# About a figure that a request counts in: the party's message is no part of it.
OF_A_FIGURE = ("objection.made", "objection.answered")
LANGUAGES = [code for code, _name in settings.LANGUAGES]


def _python_files() -> dict[str, ast.Module]:
    root = Path(settings.BASE_DIR)
    return {
        str(path.relative_to(root)): ast.parse(path.read_text(encoding="utf-8"))
        for app in APPS
        for path in (root / app).rglob("*.py")
    }


def _called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _texts(node: ast.expr, module: ast.Module) -> set[str]:
    """The texts that an argument may be; ``*`` stands for what is filled in."""
    if isinstance(node, ast.Constant):
        return {str(node.value)}
    if isinstance(node, ast.IfExp):
        return _texts(node.body, module) | _texts(node.orelse, module)
    if isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else "*" for part in node.values]
        return {"".join(str(part) for part in parts)}
    assert isinstance(node, ast.Name), ast.dump(node)
    found: set[str] = set()
    for statement in ast.walk(module):
        if isinstance(statement, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == node.id for target in statement.targets
        ):
            found |= _texts(statement.value, module)
    return found


def _told_in_code() -> set[str]:
    told: set[str] = set()
    for module in _python_files().values():
        for node in ast.walk(module):
            if not isinstance(node, ast.Call):
                continue
            if _called(node) in ("tell", "tell_party", "tell_officer"):
                told |= _texts(node.args[1], module)
            told |= {
                text
                for keyword in node.keywords
                if keyword.arg == "notice_kind"
                for text in _texts(keyword.value, module)
            }
            if _called(node) == "NewNotice":
                told |= {
                    text
                    for keyword in node.keywords
                    if keyword.arg == "kind" and isinstance(keyword.value, ast.Constant | ast.Name)
                    for text in _texts(keyword.value, module)
                }
    return told


def test_every_kind_told_in_code_is_registered_and_no_other() -> None:
    told = _told_in_code()
    patterns = {text for text in told if "*" in text}
    assert patterns == {"order.*"}  # urge and instruct, which the story below tells
    exact = told - patterns | {"order.urge", "order.instruct"}
    assert exact | set(push.KINDS) == set(kinds.registered())


def test_the_outbox_is_written_in_known_places_only() -> None:
    writers = {
        name
        for name, module in _python_files().items()
        for node in ast.walk(module)
        if (isinstance(node, ast.Call) and _called(node) == "NewNotice")
        or (isinstance(node, ast.Attribute) and node.attr in ("write_new", "write_once"))
    }
    assert writers == WRITERS


def test_no_template_of_words_is_left_unused() -> None:
    folder = Path(settings.BASE_DIR) / "templates" / WORDS
    whole = {path.stem for path in folder.glob("*.txt") if not path.name.startswith("_")}
    named = {kind.inside for kind in kinds.registered().values()} | {
        kind.outside for kind in kinds.registered().values()
    }
    assert whole == named - {""}


def _levels(notice: Notice) -> list[Level]:
    return [Level.OUTSIDE] if notice.contact_id else list(Level)


@pytest.fixture
def told(town: City) -> list[Notice]:
    tell_every_kind(town)
    return list(Notice.objects.order_by("pk"))


@pytest.fixture
def words(told: list[Notice]) -> dict[tuple[str, Level, str], list[str]]:
    """Subjects and bodies of the story by kind, level and language."""
    found: dict[tuple[str, Level, str], list[str]] = {}
    contexts = kinds.read(told)
    for notice in told:
        context = contexts[notice.pk]
        assert context is not None, notice.key
        for level in _levels(notice):
            for language in LANGUAGES:
                subject, body = kinds.words(
                    kinds.of(notice.kind), context, level, language=language, url="https://u/"
                )
                found.setdefault((notice.kind, level, language), []).append(f"{subject}\n{body}")
    return found


def test_the_story_tells_every_kind(told: list[Notice]) -> None:
    assert {notice.kind for notice in told} == set(kinds.registered()) - OF_NO_REQUEST


def test_every_notice_is_worded_for_each_level_and_language(
    words: dict[tuple[str, Level, str], list[str]],
) -> None:
    requests = set(Request.objects.values_list("number", flat=True))
    for key, texts in words.items():
        bouncing = {str(one.pk) for one in BouncingAddress.objects.all()}
        month = {"2026-10", "October 2026", "2026年10月"}
        numbers = {CALENDAR: {"2027"}, BOUNCES: bouncing, BRIEFING: month}.get(key[0], requests)
        for text in texts:
            subject, _newline, body = text.partition("\n")
            assert any(number in subject for number in numbers), key
            assert body, key
            assert "https://u/" in body, key
            assert "{" not in text, key
            assert "None" not in text, key


def test_no_template_names_what_its_reader_does_not_give(
    told: list[Notice], missing: list[str]
) -> None:
    contexts = kinds.read(told)
    for notice in told:
        context = contexts[notice.pk]
        assert context is not None
        for level in _levels(notice):
            kinds.words(kinds.of(notice.kind), context, level, language="en", url="u")
    assert missing == []


def test_outside_tells_number_limit_and_sign_in_only(
    words: dict[tuple[str, Level, str], list[str]],
) -> None:
    secrets = {
        every_kind.ANSWER,
        every_kind.REASON,
        every_kind.NOTE,
        every_kind.DISPUTE,
        every_kind.DISMISSED,
        every_kind.REMARK,
        every_kind.INSTRUCTION,
        every_kind.OBJECTION,
        every_kind.UPHELD,
        every_kind.CASE,
        *Request.objects.values_list("text", flat=True),
        *Request.objects.values_list("title", flat=True),
        *Contact.objects.values_list("name", flat=True),
        *Person.objects.values_list("name", flat=True),
        *(access_code(request) for request in Request.objects.all()),
    }
    outside = {key: texts for key, texts in words.items() if key[1] is Level.OUTSIDE}
    assert len(outside) == len(set(kinds.registered()) - OF_NO_REQUEST) * len(LANGUAGES)
    for key, texts in outside.items():
        for text in texts:
            assert not [secret for secret in secrets if secret and secret in text], key


def test_inside_tells_the_partys_own_message(
    words: dict[tuple[str, Level, str], list[str]],
) -> None:
    inside = {
        key: texts
        for key, texts in words.items()
        if key[1] is Level.INSIDE and key[0] not in (CALENDAR, BOUNCES, BRIEFING, *OF_A_FIGURE)
    }
    assert inside
    text = Request.objects.values_list("text", flat=True)[0]
    for key, texts in inside.items():
        for one in texts:
            assert text in one, key


def test_the_words_of_people_are_not_escaped_and_stay_out_of_the_subject(town: City) -> None:
    town.order(at=local(2026, 11, 2), title="a\nBcc: b@example.org", text='5 < 6 & "7"')
    notice = Notice.objects.get(kind="order.dispatched")
    context = kinds.read([notice])[notice.pk]
    assert context is not None
    subject, body = kinds.words(kinds.of(notice.kind), context, Level.INSIDE, language="en")
    assert "Bcc" not in subject
    assert '5 < 6 & "7"' in body


def test_no_party_kind_has_inside_words() -> None:
    with pytest.raises(LookupError):
        kinds.of("request.answered").text(Level.INSIDE)


def test_dates_are_of_the_courts_zone_in_the_recipients_language(town: City) -> None:
    town.order(at=local(2020, 6, 5))
    notice = Notice.objects.get(kind="order.dispatched")
    context = kinds.read([notice])[notice.pk]
    assert context is not None
    with translation.override("zh-hans"):
        english = kinds.words(kinds.of(notice.kind), context, Level.OUTSIDE, language="en")[1]
    chinese = kinds.words(kinds.of(notice.kind), context, Level.OUTSIDE, language="zh-hans")[1]
    assert "Wed 10 June" in english
    assert "6月10日（周三）" in chinese
