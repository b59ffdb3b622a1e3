"""What a first visit weighs, served as a deployment serves it: 150 kB at most, all from here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db import connections
from django.test.testcases import LiveServerThread
from django.test.utils import override_settings
from playwright.sync_api import Browser, Page

from liaison.access import access_code
from liaison.models import Request
from tests.browser.conftest import enter
from tests.browser.walks import STAFF, furnish
from tests.city import City
from workorders.models import WorkOrder

pytestmark = pytest.mark.browser
# The promise: bytes on the wire, heads included, with an empty cache.
MOST = 150_000
COLLECTED = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Static files collected and compressed as the image does, and the settings that say so."""
    as_deployed = {
        "STATIC_ROOT": tmp_path_factory.mktemp("staticfiles"),
        "STORAGES": COLLECTED,
        "WHITENOISE_USE_FINDERS": False,
    }
    with override_settings(**as_deployed):
        call_command("collectstatic", interactive=False, verbosity=0)
    return as_deployed


@pytest.fixture
def site(town: City, collected: dict[str, Any]) -> Iterator[str]:
    """The product behind WhiteNoise alone: Django's test server would serve the files itself."""
    with override_settings(**collected):
        server = LiveServerThread("localhost", static_handler=lambda handler: handler)
        server.daemon = True
        server.start()
        server.is_ready.wait()
        assert server.error is None, server.error
        yield f"http://localhost:{server.port}"
        server.terminate()
        connections.close_all()


@dataclass
class Visit:
    """What one first visit fetched."""

    weights: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    plain: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def weight(self) -> int:
        return sum(self.weights.values())


def first_visit(page: Page, site: str, path: str) -> Visit:
    """Open a page with an empty cache and weigh all that comes."""
    visit = Visit()
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.clearBrowserCache")
    addresses: dict[str, str] = {}

    def answered(event: dict[str, Any]) -> None:
        response = event["response"]
        address = response["url"]
        addresses[event["requestId"]] = address
        if address.startswith("data:"):
            return
        heads = {name.lower(): value for name, value in response["headers"].items()}
        packed = heads.get("content-encoding") in ("gzip", "br")
        if not packed and int(heads.get("content-length", 0)) > 1000:
            visit.plain.append(urlsplit(address).path)
        if not address.startswith(site):
            visit.wrong.append(f"fetched from elsewhere: {address}")
        policy = heads.get("content-security-policy", "")
        if "text/html" in heads.get("content-type", "") and (
            "default-src 'self'" not in policy or "unsafe" in policy
        ):
            visit.wrong.append(f"policy: {policy!r}")

    def came(event: dict[str, Any]) -> None:
        address = addresses.get(event["requestId"], "")
        if address and not address.startswith("data:"):
            visit.weights[urlsplit(address).path] += int(event["encodedDataLength"])

    wire.on("Network.responseReceived", answered)
    wire.on("Network.loadingFinished", came)
    wire.on("Network.loadingFailed", lambda event: visit.wrong.append(f"failed: {event}"))
    page.on("console", lambda told: told.type == "error" and visit.wrong.append(told.text))
    response = page.goto(site + path, wait_until="networkidle")
    assert response is not None
    assert response.status == 200, path
    return visit


def _pages(town: City) -> dict[str, list[str]]:
    """The pages of the story: who opens them ('' for anyone), and where."""
    waiting = Request.objects.get(title="想查案件进度")
    late = WorkOrder.objects.get(request__title="三次来电未接")
    return {
        "": [
            "/", "/requests/new/", "/track/", "/officers/", "/calendar/2020/", "/deadline/",
            "/sign-in/",
        ],
        "desk": ["/desk/", "/desk/new/", f"/desk/{waiting.public_id}/route/", "/notices/"],
        "orders": [
            "/orders/", f"/orders/{late.public_id}/", f"/orders/{late.public_id}/print/",
        ],
        "supervision": ["/supervision/", f"/supervision/{late.request.public_id}/"],
        "leadership": ["/leadership/?court=all", "/leadership/items/?indicator=completion"],
    }  # fmt: skip


def test_a_first_visit_is_light_and_asks_nobody_else(
    town: City, chromium: Browser, site: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answered = furnish(town)
    wrong: list[str] = []
    visits: dict[str, Visit] = {}
    for who, paths in _pages(town).items():
        for path in paths:
            context = chromium.new_context(locale="zh-CN")
            page = context.new_page()
            if who:
                enter(page, site, STAFF[who][1](town))
            visits[path] = first_visit(page, site, path)
            context.close()
    context = chromium.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(f"{site}/track/")
    page.fill("#id_number", answered.number)
    page.fill("#id_code", access_code(answered))
    page.click("form.narrow button[type=submit]")
    page.wait_for_url(f"**/track/{answered.public_id}/")
    path = f"/track/{answered.public_id}/"
    visits[path] = first_visit(page, site, path)
    context.close()

    for path, visit in visits.items():
        wrong += [f"{path}: {what}" for what in visit.wrong]
        wrong += [f"{path}: sent as it lies: {what}" for what in visit.plain]
        if visit.weight > MOST:
            wrong.append(f"{path}: {visit.weight} bytes")
    heaviest = sorted(visits, key=lambda path: visits[path].weight, reverse=True)[:5]
    with capsys.disabled():
        print("\nHeaviest first visits, in bytes on the wire:")
        for path in heaviest:
            page_alone = visits[path].weights[urlsplit(path).path]
            print(f"  {visits[path].weight:>8,} {path} (the page itself {page_alone:,})")
    assert not wrong, "\n".join(wrong)


def test_what_is_collected_lies_compressed_beside_itself(collected: dict[str, Any]) -> None:
    root = Path(collected["STATIC_ROOT"])
    for name in ("css/components.css", "vendor/htmx/htmx.min.js", "icons.svg"):
        stem, suffix = name.rsplit(".", 1)
        (hashed,) = root.glob(f"{stem}.????????????.{suffix}")
        assert hashed.with_name(f"{hashed.name}.gz").exists(), name
