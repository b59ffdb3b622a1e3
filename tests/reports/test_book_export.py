"""Files of the standing book: whole after a kill, harmless, taken by their owner alone."""

from __future__ import annotations

import csv
import io
import os
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta
from urllib.parse import urlsplit, urlunsplit

import openpyxl
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from courts.errors import NotAllowed, Refused
from courts.models import AccessRecord, Person, Post, Tenure
from liaison.models import Request
from reports import tasks
from reports.models import Export, ExportPart
from reports.standing_book import exporting, services
from reports.standing_book.book import Book
from reports.standing_book.columns import COLUMNS
from reports.standing_book.wishes import Wish
from tests import city
from tests.city import City, local
from tests.reports import booked_city

EVERY = [column.name for column in COLUMNS]
AT = local(2020, 6, 22, 12)


def chamber(town: City) -> Person:
    return town.holder(Post.Kind.FILING_CHAMBER, court=town.intermediate)


def asked(person: Person, form: str = "csv", at: datetime = AT, **wish: str) -> Export:
    return services.ask_for_export(
        person=person, wish=Wish(**wish), columns=EVERY, form=form, at=at
    )


def content(export: Export) -> bytes:
    return b"".join(exporting.read(export, 0, export.bytes_done - 1))


def lines(export: Export) -> list[list[str]]:
    written = content(export)
    assert written.startswith("\ufeff".encode())
    return list(csv.reader(io.StringIO(written.decode("utf-8-sig"), newline="")))


@pytest.fixture
def town(db: None) -> City:
    return city.build()


def test_a_file_holds_the_book(town: City, monkeypatch: pytest.MonkeyPatch) -> None:
    told = booked_city.tell(town)
    Request.objects.filter(pk=told["met"].pk).update(case_number='=HYPERLINK("http://x")')
    town.request(at=AT + timedelta(hours=1))  # after the file was asked for
    person = chamber(town)
    export = asked(person)
    assert asked(person) == export  # asked twice, written once
    monkeypatch.setattr(exporting, "BATCH", 3)
    assert tasks.write_exports() == export.pk
    assert tasks.write_exports() is None
    export.refresh_from_db()
    assert (export.state, export.rows_done) == ("done", len(told))
    head, *rows = lines(export)
    assert len(head) == len(EVERY)
    book = Book.of(person, Wish(), at=AT, until=AT)
    numbers = [Request.objects.get(pk=pk).number for pk in book.page().ids]
    assert [row[0] for row in rows] == numbers
    met = next(row for row in rows if row[0] == told["met"].number)
    assert met[EVERY.index("case_number")] == '\'=HYPERLINK("http://x")'
    assert met[EVERY.index("registered")] == "2020-06-05 10:00"
    assert met[EVERY.index("party")] == "张*"
    assert met[EVERY.index("attempts")] == "3"
    late = asked(person, timeliness="late")
    exporting.take_up(seconds=60)
    assert 0 < len(lines(late.__class__.objects.get(pk=late.pk))) - 1 < len(told)


def test_a_workbook_counts_what_stands_in_it(town: City) -> None:
    told = booked_city.tell(town)
    export = asked(chamber(town), form="xlsx")
    exporting.take_up(seconds=60)
    export.refresh_from_db()
    assert (export.state, export.rows_done) == ("done", len(told))
    book = openpyxl.load_workbook(io.BytesIO(content(export)))
    counted = openpyxl.load_workbook(io.BytesIO(content(export)), data_only=True)
    sheet, values = book.worksheets[0], counted.worksheets[0]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref.endswith(str(len(told) + 1))
    rows = [[cell.value for cell in row] for row in values.iter_rows(2, len(told) + 1)]
    at = {name: number for number, name in enumerate(EVERY)}
    assert {type(row[at["registered"]]) for row in rows} == {datetime}
    assert {type(row[at["attempts"]]) for row in rows} == {int}
    total = len(told) + 3

    def under(name: str) -> tuple[str, object]:
        cell = (total, at[name] + 1)
        return sheet.cell(*cell).value, values.cell(*cell).value

    assert under("number") == (f"=COUNTA(A2:A{len(told) + 1})", len(told))
    assert under("attempts")[0].startswith("=SUM(")
    assert under("attempts")[1] == sum(row[at["attempts"]] for row in rows) > 0
    days = [row[at["business_days"]] for row in rows if row[at["business_days"]] is not None]
    assert under("business_days")[1] == pytest.approx(sum(days) / len(days))
    results = [row[at["completed"]] for row in rows]
    formula, share = under("completed")
    assert formula.count("COUNTIF(") == 5
    words = formula.split('"')
    in_time, late = words[1], words[3]  # as the cells themselves say it
    counts = results.count(in_time), results.count(late)
    assert min(counts) > 0
    assert share == pytest.approx(counts[0] / sum(counts))
    about = {row[0].value: row[1].value for row in book.worksheets[1].iter_rows()}
    assert export.person.display_name in about.values()


def test_who_may_take_a_file_and_in_parts(town: City) -> None:
    booked_city.tell(town)
    person = chamber(town)
    export = asked(person, at=timezone.now())
    address = reverse("book:file", args=[export.public_id])
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    assert client.get(address).status_code == 404  # not written yet
    page = client.get(reverse("book:export", args=[export.public_id]))
    assert "every 2s" in page.content.decode()
    exporting.take_up(seconds=60)
    done = client.get(reverse("book:export_progress", args=[export.public_id])).content.decode()
    assert address in done
    assert "every 2s" not in done
    whole = client.get(address)
    body = b"".join(whole.streaming_content)
    assert int(whole["Content-Length"]) == len(body) > 100
    assert whole.status_code == 200
    etag = whole["ETag"]
    part = client.get(address, headers={"range": "bytes=50-", "if-range": etag})
    assert part.status_code == 206
    assert b"".join(part.streaming_content) == body[50:]
    assert part["Content-Range"] == f"bytes 50-{len(body) - 1}/{len(body)}"
    stale = client.get(address, headers={"range": "bytes=50-", "if-range": '"old"'})
    assert (stale.status_code, b"".join(stale.streaming_content)) == (200, body)
    assert client.get(address, headers={"range": f"bytes={len(body)}-"}).status_code == 416
    head = client.head(address, headers={"range": "bytes=50-"})
    assert (head.status_code, head["Content-Length"]) == (200, str(len(body)))
    whole_again = client.get(address, headers={"range": f"bytes={'9' * 5000}-"})
    assert whole_again.status_code == 200
    b"".join(whole_again.streaming_content)
    known = client.get(address, headers={"if-none-match": f'"other", W/{etag}'})
    assert known.status_code == 304
    looks = AccessRecord.objects.filter(action="download", subject_id=export.pk)
    assert looks.count() == 4  # the whole, a part, the whole twice
    assert set(looks.values_list("person_id", flat=True)) == {person.pk}

    stranger = Client()
    assert stranger.get(address).status_code == 302
    other = town.holder(Post.Kind.PRESIDENT, court=town.intermediate)
    stranger.force_login(other)
    for name in ("file", "export", "export_progress"):
        url = reverse(f"book:{name}", args=[export.public_id])
        assert stranger.get(url).status_code == 404, name
    remove = reverse("book:remove_export", args=[export.public_id])
    assert stranger.post(remove).status_code == 404
    # Moved to a post that reads less, the owner no longer has what the old one could read.
    Tenure.objects.filter(person=person).delete()
    assert client.get(address).status_code == 404
    seat = Post.objects.get(kind=Post.Kind.PRESIDENT, court=town.east)
    Tenure.objects.create(post=seat, person=person, is_acting=True, from_at=city.SINCE)
    assert client.get(address).status_code == 404
    assert client.post(remove).status_code == 302
    assert not ExportPart.objects.exists()


def test_files_are_removed_in_time_and_few_are_written_at_once(town: City) -> None:
    person = chamber(town)
    with pytest.raises(NotAllowed):
        asked(town.judge())
    export = asked(person)
    exporting.take_up(seconds=60)
    Export.objects.filter(pk=export.pk).update(ended_at=AT)
    keep = timedelta(days=settings.EXPORT_KEEP_DAYS)
    assert services.remove_old_exports(at=AT + keep - timedelta(hours=1)) == 0
    assert ExportPart.objects.exists()
    assert services.remove_old_exports(at=AT + keep) == 1
    assert services.remove_old_exports(at=AT + keep) == 0
    export.refresh_from_db()
    assert (export.state, export.parts.count()) == ("removed", 0)
    for state in ("routed", "closed", "merged"):
        asked(person, state=state)
    with pytest.raises(Refused):
        asked(person, state="answered")
    client = Client()
    client.force_login(person)
    client.get(reverse("book:exports"))
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("book:exports"))
    for court in (town.east, town.west):
        Export.objects.filter(state="removed").update(wish={"court": str(court.public_id)})
        Export.objects.create(
            person=person, wish={"court": str(court.public_id)}, format="csv", language="en"
        )
    with CaptureQueriesContext(connection) as more:
        page = client.get(reverse("book:exports"))
    assert len(page.context["rows"]) == 6
    assert town.east.display_name in page.content.decode()
    assert len(more) == len(few) + 1  # the courts, once for all
    Export.objects.filter(language="en", columns=[]).delete()
    # Who lost the post meanwhile gets no file.
    Tenure.objects.filter(person=person).delete()
    exporting.take_up(seconds=60)
    assert Export.objects.get(wish={"state": "routed"}).error == "not_allowed"


def test_a_reach_that_grew_meanwhile_must_last_until_the_file_is_taken(town: City) -> None:
    person = town.holder(Post.Kind.PRESIDENT, court=town.east)
    town.request(at=local(2020, 6, 1), court=town.west)
    export = asked(person)
    above = Post.objects.get(kind=Post.Kind.PRESIDENT, court=town.intermediate)
    acting = Tenure.objects.create(post=above, person=person, is_acting=True, from_at=city.SINCE)
    exporting.take_up(seconds=60)
    export.refresh_from_db()
    assert len(lines(export)) == 2
    assert services.may_take(export, person)
    acting.delete()
    assert not services.may_take(export, person)


def test_while_one_writes_another_takes_up_nothing(town: City) -> None:
    asked(chamber(town))
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_lock(hashtextextended('files of the standing book', 0))"
            )
            assert exporting.take_up(seconds=60) is None
            # Given back by a statement: a server lets go of a closed connection's locks when it
            # notices the closing, which can be after the next line has asked.
            cursor.execute("SELECT pg_advisory_unlock_all()")
        assert exporting.take_up(seconds=60) is not None
    finally:
        other.close()


def test_a_file_that_cannot_be_written_is_given_up(town: City) -> None:
    person = chamber(town)
    broken = asked(person, limit_month="2020-06")
    Export.objects.filter(pk=broken.pk).update(wish={"limit_month": "never"})
    behind = asked(person)
    with pytest.raises(ValueError, match="never"):
        exporting.take_up(seconds=60)
    assert exporting.take_up(seconds=60) == behind  # what failed waits behind the others
    for _try in range(exporting.MOST_TRIES - 1):
        with pytest.raises(ValueError, match="never"):
            exporting.take_up(seconds=60)
    exporting.take_up(seconds=60)
    assert list(Export.objects.order_by("pk").values_list("state", "error")) == [
        ("failed", "given_up"), ("done", ""),
    ]  # fmt: skip


_WORKER = """
import time
import django
django.setup()
from reports.models import Export
from reports.standing_book import exporting
exporting.BATCH = 2
exporting.carry_on(Export.objects.get(pk={pk}), progress=lambda _one: time.sleep(0.3))
"""


def _database_url() -> str:
    database = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(database._replace(path="/" + connection.settings_dict["NAME"]))


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_it_ends_with_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    town = city.build()
    for number in range(14):
        town.request(at=local(2020, 6, 1) + timedelta(minutes=number))
    person = chamber(town)
    export = asked(person)
    worker = subprocess.Popen(
        [sys.executable, "-c", _WORKER.format(pk=export.pk)],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {"DATABASE_URL": _database_url(), "DJANGO_SETTINGS_MODULE": "config.settings"},
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    until = time.monotonic() + 60
    while not ExportPart.objects.filter(export=export, starts_at__gt=0).exists():
        assert worker.poll() is None
        assert time.monotonic() < until
        time.sleep(0.02)
    os.killpg(worker.pid, signal.SIGKILL)
    assert worker.wait() == -signal.SIGKILL
    export.refresh_from_db()
    assert export.state == "running"
    assert 0 < export.rows_done < 14
    monkeypatch.setattr(exporting, "BATCH", 2)
    resumed = exporting.take_up(seconds=60)
    assert resumed is not None
    assert (resumed.state, resumed.rows_done) == ("done", 14)
    whole = asked(person)
    assert whole.pk != export.pk
    exporting.take_up(seconds=60)
    whole.refresh_from_db()
    assert content(whole) == content(resumed)
    assert len(lines(whole)) == 15
