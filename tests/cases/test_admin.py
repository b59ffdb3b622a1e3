"""The mirror under /admin/: files handed in, their progress, lines replayed and dropped."""

from __future__ import annotations

import json

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from cases import services
from cases.imports import runs
from cases.models import Case, ImportChunk, ImportRun, RejectedLine
from cases.tasks import import_files
from courts.models import Person
from tests.cases.records import ID_CARDS, case, node, participant, rows, send
from tests.city import City

pytestmark = pytest.mark.usefixtures("town")
ADD = "/admin/cases/importrun/add/"
LINES = "/admin/cases/rejectedline/"
WHO = {"identity_kind": "id_card", "identity_number": ID_CARDS[0], "phone": "15400000001"}
STORY = [case(1, 1), participant(1, "P1", 2, **WHO), node(1, "N1", 3), node(2, "N2", 4)]


@pytest.fixture
def root(client: Client) -> Client:
    client.force_login(Person.objects.create_superuser("root", "x", name="管理员", language="en"))
    client.cookies["django_language"] = "en"
    return client


def _content(records: list[dict]) -> bytes:
    return "".join(json.dumps(one) + "\n" for one in records).encode()


def _hand_in(client: Client, content: bytes, name: str = "all.jsonl", **fields: str):
    file = SimpleUploadedFile(name, content)
    given = {"file": file, "kind": "full", "source": "trial"} | fields
    return client.post(ADD, given, follow=True)


def test_a_file_is_handed_in_and_a_worker_imports_it(root: Client) -> None:
    page = _hand_in(root, _content(STORY))
    run = ImportRun.objects.get()
    assert page.redirect_chain == [(f"/admin/cases/importrun/{run.pk}/change/", 302)]
    assert "You may leave this page" in page.content.decode()
    progress = reverse("admin:cases_importrun_progress", args=[run.pk])
    assert f'hx-get="{progress}"' in page.content.decode()
    assert (run.state, run.started_by) == ("waiting", Person.objects.get(username="root"))
    assert import_files() == run.pk
    part = root.get(progress).content.decode()
    assert "hx-get" not in part
    assert f"{LINES}?run__id={run.pk}" in part
    run.refresh_from_db()
    assert (run.state, run.created, run.rejected) == ("ended", 3, 1)
    assert set(rows()["nodes"]) == {("N1", 1)}
    assert not ImportChunk.objects.exists()
    assert import_files() is None
    _hand_in(root, _content(STORY))
    again = ImportRun.objects.first()
    assert again is not None
    assert import_files() == again.pk
    page = root.get(f"/admin/cases/importrun/{again.pk}/change/")
    assert "Nothing changed" in page.content.decode()


def test_a_file_that_waits_lies_sealed_and_in_sections(
    root: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "SECTION", 100)
    monkeypatch.setattr(runs, "BATCH", 1)
    content = _content(STORY)
    _hand_in(root, content)
    assert ImportChunk.objects.count() == -(-len(content) // 100)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(encode(sealed, 'escape'), '') FROM cases_importchunk")
        (raw,) = cursor.fetchone()
    # Long enough that random base64 does not hold them by chance.
    for secret in (ID_CARDS[0], "15400000001", "identity_kind"):
        assert secret not in raw
    run = services.take_up(seconds=0)
    assert run is not None
    assert 0 < run.lines_done < len(STORY)  # time was up
    while services.take_up(seconds=0):
        pass
    run.refresh_from_db()
    assert (run.state, run.created, run.rejected) == ("ended", 3, 1)


def test_handed_in_twice_it_is_one_run(root: Client) -> None:
    _hand_in(root, _content(STORY))
    _hand_in(root, _content(STORY))
    assert ImportRun.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "fields", "words"),
    [
        ("all.xlsx", {}, "must end in .csv"),
        ("all.csv", {"source": "No Such!"}, "A source is up to 20"),
    ],
)
def test_what_cannot_be_is_said_at_the_field(
    root: Client, name: str, fields: dict[str, str], words: str
) -> None:
    page = _hand_in(root, _content(STORY), name, **fields)
    assert words in page.content.decode()
    assert not ImportRun.objects.exists()


def test_a_file_without_a_header_fails_and_says_so(root: Client) -> None:
    _hand_in(root, b"1,2,3\n", "all.csv")
    import_files()
    run = ImportRun.objects.get()
    page = root.get(f"/admin/cases/importrun/{run.pk}/change/").content.decode()
    assert "The first line names no columns" in page
    assert not ImportChunk.objects.exists()


def test_lines_are_replayed_and_dropped(root: Client, town: City) -> None:
    send([participant(1, "P1", 2, phone="12"), node(2, "N2", 3)])
    page = root.get(LINES).content.decode()
    assert "This is no mobile number." in page
    assert "12" not in [cell.strip() for cell in page.split(">")]
    wrong, waits = RejectedLine.objects.order_by("id")
    given = {"_selected_action": [wrong.pk, waits.pk]}
    page = root.post(LINES, given | {"action": "replay"}, follow=True).content.decode()
    assert "2 lines were not taken." in page
    root.post(LINES, {"_selected_action": [wrong.pk], "action": "drop"})
    wrong.refresh_from_db()
    assert (wrong.state, wrong.settled_by) == ("dropped", Person.objects.get(username="root"))


def test_a_case_is_read_and_not_changed(root: Client) -> None:
    send(STORY)
    one = Case.objects.get()
    page = root.get("/admin/cases/case/", {"q": one.number_key}).content.decode()
    assert one.number in page
    page = root.get(f"/admin/cases/case/{one.pk}/change/").content.decode()
    assert "张三" in page
    assert 'name="_save"' not in page
    for secret in (ID_CARDS[0], "15400000001"):
        assert secret not in page
    assert root.get("/admin/cases/case/add/").status_code == 403
    assert root.post(f"/admin/cases/case/{one.pk}/delete/").status_code == 403


def test_each_door_asks_for_its_right(client: Client) -> None:
    person = Person.objects.create_user("half", "x", name="半", is_staff=True)
    client.force_login(person)
    run = send([participant(1, "P1", 2, phone="12")])
    progress = reverse("admin:cases_importrun_progress", args=[run.pk])
    assert client.get(ADD).status_code == 403
    assert client.get(progress).status_code == 403
    person.user_permissions.add(
        *Permission.objects.filter(codename__in=["view_importrun", "view_rejectedline"])
    )
    assert client.get(progress).status_code == 200
    assert client.get(ADD).status_code == 403
    line = RejectedLine.objects.get()
    client.post(LINES, {"_selected_action": [line.pk], "action": "drop"})
    line.refresh_from_db()
    assert line.state == "quarantined"
