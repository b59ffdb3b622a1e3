"""Pages are sent compressed, and those that show an access code are not."""

from __future__ import annotations

import gzip

from django.test import Client

from tests.city import City
from tests.liaison.forms import filled

ASKS = {"accept-encoding": "gzip"}


def test_a_page_is_compressed_where_the_browser_takes_it(db: None, client: Client) -> None:
    packed, plain = client.get("/", headers=ASKS), client.get("/")
    assert packed["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed["Vary"]
    assert "</html>" in gzip.decompress(packed.content).decode()
    assert len(packed.content) < len(plain.content) / 2
    assert "Content-Encoding" not in plain


def test_the_receipt_is_sent_as_it_is(client: Client, town: City) -> None:
    receipt = client.post("/requests/new/", filled(), follow=True, headers=ASKS)
    assert 'id="receipt-code"' in receipt.content.decode()
    assert "Content-Encoding" not in receipt


def test_so_is_the_request_that_the_desk_took_down_a_moment_ago(desk: Client, town: City) -> None:
    made = desk.post("/desk/new/", filled(channel="hotline"), follow=True, headers=ASKS)
    assert 'access-code">' in made.content.decode()
    assert "Content-Encoding" not in made
    again = desk.get("/desk/", headers=ASKS)
    assert again["Content-Encoding"] == "gzip"
