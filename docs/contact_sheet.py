"""Every page of the running demonstration city, pictured for review on one sheet.

Each page is walked to as its person would: in both languages, on a court's monitor and on a phone;
some in dark, in large type and as printed. A request is made on the way, as anyone may make one.
"""

from __future__ import annotations

import html
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import django
from django.conf import settings
from django.template.loader import render_to_string
from playwright.sync_api import Browser, Page

TEMPLATES = Path(__file__).parent.parent / "templates"
Opener = Callable[..., Page]
Visit = Callable[[Page, str], None]


@dataclass(frozen=True)
class Look:
    """One way of looking at a page."""

    language: str
    width: int
    manner: str = ""  # "", dark, large or print

    @property
    def name(self) -> str:
        """As part of a file's name, and as a caption."""
        return "-".join(filter(None, (self.language, str(self.width), self.manner)))


EVERY = [Look(language, width) for language in ("zh-CN", "en") for width in (1366, 360)]
DARK = [Look("zh-CN", 1366, "dark"), Look("en", 360, "dark")]
LARGE = [Look("zh-CN", 360, "large")]
# The width of A4 between its margins.
PRINT = [Look("zh-CN", 673, "print"), Look("en", 673, "print")]


def _send(page: Page, form: str) -> None:
    page.eval_on_selector(form, "form => { form.noValidate = true }")
    with page.expect_navigation():
        page.eval_on_selector(f"{form} button[type=submit]", "button => button.click()")


def _make_a_request(page: Page, path: str) -> None:
    page.goto("/requests/new/")
    page.select_option("#id_court", index=2)
    page.check("input[name=matter][value=contact_judge]")
    page.fill("#id_text", "开庭已经两个月，一直没有收到判决，想请法官与我联系。")
    page.fill("#id_name", "周小满")
    page.fill("#id_phone", "13900139000")
    _send(page, ".request-form")


def _track(page: Page, path: str) -> None:
    _make_a_request(page, path)
    page.goto(page.url.replace("/requests/", "/track/").replace("/receipt/", "/"))


def _withdraw(page: Page, path: str) -> None:
    _track(page, path)
    page.goto(f"{page.url}withdraw/")


def _party_phone() -> str:
    """The telephone of a party who has much to read, as the product tells at its start."""
    said = subprocess.run(
        [sys.executable, str(TEMPLATES.parent / "manage.py"), "demonstration_sign_ins"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return re.findall(r"telephone (\d+)", said)[0]


def _as_party(page: Page, path: str) -> None:
    """Signed in by the code, which the demonstration shows; ``first:`` opens the first case."""
    page.goto("/me/")
    if "/sign-in/" in page.url:
        page.fill("#id_phone", _party_phone())
        _send(page, "main form.form")
        page.fill("#id_code", re.findall(r"\d{6}", page.inner_text(".callout"))[0])
        _send(page, "main form.form")
    page.goto(path.removeprefix("first:"))
    if path.startswith("first:"):
        page.click("main h2 a")
        page.wait_for_load_state()


def _refuse(page: Page, path: str) -> None:
    """Send the main form of a page with nothing in it."""
    page.goto(path)
    _send(page, "main form.form")


def _forge(page: Page, path: str) -> None:
    page.goto(path)
    page.eval_on_selector_all("[name=csrfmiddlewaretoken]", "all => all.forEach(x => x.remove())")
    _send(page, "main form.form")


def _overload(page: Page, path: str) -> None:
    page.goto(path)
    page.eval_on_selector(
        "main form.form",
        """form => { for (let n = 0; n < 1100; n += 1) {
            form.append(Object.assign(document.createElement("input"), {name: `more${n}`}));
        } }""",
    )
    _send(page, "main form.form")


def _lock_out(page: Page, path: str) -> None:
    page.goto(path)
    while page.query_selector("#id_username"):
        page.fill("#id_username", "nobody")
        page.fill("#id_password", "wrong")
        _send(page, "main form.form")


def _too_late(page: Page, path: str) -> None:
    """Ask for an act that no longer fits: nothing is changed by it."""
    page.goto("/orders/?show=replied")
    links = page.eval_on_selector_all("[data-row]", "all => all.map(a => a.getAttribute('href'))")
    page.goto(links[0])
    page.evaluate(
        """action => {
            const token = document.querySelector("[name=csrfmiddlewaretoken]").cloneNode();
            const form = document.createElement("form");
            Object.assign(form, {method: "post", action});
            form.append(token);
            document.body.append(form);
        }""",
        f"{links[0]}acknowledge/",
    )
    with page.expect_navigation():
        page.eval_on_selector("body > form", "form => form.submit()")


def _as_it_lies(page: Page, path: str) -> None:
    """The page of an error that a sound product does not show: drawn from its template."""
    if not settings.configured:
        engine = "django.template.backends.django.DjangoTemplates"
        settings.configure(
            TEMPLATES=[{"BACKEND": engine, "DIRS": [TEMPLATES], "APP_DIRS": True}],
            INSTALLED_APPS=["django.contrib.staticfiles"],
            STATIC_URL="/static/",
        )
        django.setup()
    body = render_to_string(f"{path.strip('/')}.html", {"demonstration": True})
    page.route(f"**{path}", lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto(path)


@dataclass(frozen=True)
class Shown:
    """A page on the sheet: what it is, who opens it, where it is, and how it is looked at."""

    title: str
    person: str
    path: str
    looks: list[Look]
    way: Visit | None = None


PORTAL, DESK, JUDGE = "", "service.donghu", "judge.donghu"
OFFICER, PRESIDENT, CHIEF = "officer.donghu", "president.donghu", "president.shifan"
CHAMBER, OFFICE = "filing.shifan", "management.shifan"
PAGES = [
    Shown("Portal", PORTAL, "/", EVERY + DARK + LARGE),
    Shown("Make a request", PORTAL, "/requests/new/", EVERY + DARK + LARGE),
    Shown("Make a request, refused", PORTAL, "/requests/new/", EVERY, _refuse),
    Shown("Receipt", PORTAL, "/", EVERY + DARK + LARGE + PRINT, _make_a_request),
    Shown("Track: the door", PORTAL, "/track/", EVERY + LARGE),
    Shown("Track: the door, refused", PORTAL, "/track/", EVERY, _refuse),
    Shown("Track: a request", PORTAL, "/", EVERY + DARK + LARGE, _track),
    Shown("Withdraw", PORTAL, "/", EVERY, _withdraw),
    Shown("Liaison officers", PORTAL, "/officers/", EVERY + LARGE),
    Shown("Calendar, this year", PORTAL, "/calendar/", EVERY + DARK + PRINT),
    Shown("Calendar, a year not announced", PORTAL, "/calendar/2027/", EVERY),
    Shown("Deadline calculator", PORTAL, "/deadline/", EVERY + DARK + PRINT),
    Shown("Deadline calculator, refused", PORTAL, "/deadline/?start=never", EVERY),
    Shown("Sign in", PORTAL, "/sign-in/", EVERY + DARK),
    Shown("Sign in, refused", PORTAL, "/sign-in/", EVERY, _refuse),
    Shown("Desk", DESK, "/desk/", EVERY + DARK),
    Shown("Desk: one request", DESK, "first:/desk/", EVERY + DARK),
    Shown("Desk: answer on the spot", DESK, "first:/desk/ answer/", EVERY),
    Shown("Desk: dispatch", DESK, "first:/desk/ route/", EVERY),
    Shown("Desk: withdraw", DESK, "first:/desk/ withdraw/", EVERY),
    Shown("Desk: dispatched", DESK, "/desk/?state=routed", EVERY),
    Shown("Desk: a new request", DESK, "/desk/new/", EVERY),
    Shown("Desk: a new request, refused", DESK, "/desk/new/", EVERY, _refuse),
    Shown("Notices", DESK, "/notices/", EVERY),
    Shown("Work orders", JUDGE, "/orders/", EVERY + DARK),
    Shown("Work orders: replied", JUDGE, "/orders/?show=replied", EVERY),
    Shown("Work order", JUDGE, "first:/orders/", EVERY + DARK + PRINT),
    Shown("Work order on paper", JUDGE, "first:/orders/ print/", EVERY + PRINT),
    Shown("Supervision, liaison officer", OFFICER, "/supervision/", EVERY),
    Shown("Supervision: one request", OFFICER, "first:/supervision/", EVERY + DARK),
    Shown("Supervision, president", PRESIDENT, "/supervision/", EVERY),
    Shown("Supervision, chief president", CHIEF, "/supervision/", EVERY + DARK),
    Shown("Leadership, one court", PRESIDENT, "/leadership/", EVERY),
    Shown("Leadership, all courts", CHIEF, "/leadership/?court=all", EVERY + DARK + PRINT),
    Shown("Behind a rate", CHIEF, "/leadership/items/?indicator=completion", EVERY + PRINT),
    Shown("Overdue now", CHIEF, "/leadership/items/?indicator=overdue", EVERY),
    Shown("Sent up the ladder", CHIEF, "/leadership/items/?indicator=rungs", EVERY),
    Shown("Ranking of courts", CHIEF, "/leadership/ranking/", EVERY + DARK + PRINT),
    Shown("Ranking of departments", CHIEF, "/leadership/ranking/?of=departments", EVERY + PRINT),
    Shown("Ranking of judges", PRESIDENT, "/leadership/ranking/?of=judges", EVERY),
    Shown("What active push prevents", CHIEF, "/leadership/push/", EVERY),
    Shown("Briefings", CHAMBER, "/reports/briefings/", EVERY),
    Shown("A briefing", CHIEF, "first:/reports/briefings/", EVERY + DARK + PRINT),
    Shown("Referrals", CHAMBER, "/reports/referrals/", EVERY),
    Shown("A month's lot, the chamber", CHAMBER, "first:/reports/referrals/", EVERY + DARK),
    Shown("A month's lot, the office", OFFICE, "first:/reports/referrals/", EVERY + PRINT),
    Shown("Refer something", CHAMBER, "/reports/referrals/items/new/", EVERY),
    Shown("List of problems", CHAMBER, "/reports/problems/", EVERY),
    Shown("A problem", CHAMBER, "first:/reports/problems/", EVERY),
    Shown("Agenda matters", CHIEF, "/reports/agenda/", EVERY),
    Shown("Interviews", CHIEF, "/reports/interviews/", EVERY),
    Shown("Improvement proposals", JUDGE, "/reports/improvements/", EVERY),
    Shown("Good practices", PRESIDENT, "/reports/practices/", EVERY),
    Shown("My cases and messages: the door", PORTAL, "/me/sign-in/", EVERY + LARGE),
    Shown("What we told you", PORTAL, "/me/", EVERY + LARGE, _as_party),
    Shown("My cases", PORTAL, "/me/cases/", EVERY, _as_party),
    Shown("One of my cases", PORTAL, "first:/me/cases/", EVERY, _as_party),
    Shown("What to tell me", PORTAL, "/me/wishes/", EVERY, _as_party),
    Shown("Administration", "admin", "/admin/", EVERY),
    Shown("State of the gateways", "admin", "/admin/notices/gatewaystate/all/", EVERY),
    Shown("Texts of notices", "admin", "/admin/notices/noticetext/all/", EVERY),
    Shown("A text", "admin", "/admin/notices/noticetext/request_registered/zh-hans/", EVERY),
    Shown("Imports of cases", "admin", "/admin/cases/importrun/", EVERY),
    Shown("State of the clocks", "admin", "/admin/escalation/sweeprun/state/", EVERY + DARK),
    Shown("Policies", "admin", "/admin/escalation/policyversion/", EVERY),
    Shown("A policy", "admin", "/admin/escalation/policyversion/1/change/", EVERY),
    Shown("Sign for values", "admin", "/admin/escalation/policyversion/1/sign/", EVERY),
    Shown("Calendar entries", "admin", "/admin/courts/calendarentry/", EVERY),
    Shown("Change the calendar", "admin", "/admin/courts/calendarentry/add/", EVERY),
    Shown("Import a schedule", "admin", "/admin/courts/calendarentry/import/", EVERY),
    Shown("400", PORTAL, "/track/", EVERY, _overload),
    Shown("403, not allowed", DESK, "/403/", EVERY, _as_it_lies),
    Shown("403, the page expired", PORTAL, "/track/", EVERY, _forge),
    Shown("404", PORTAL, "/no-such-page/", EVERY + DARK),
    Shown("409", JUDGE, "/orders/", EVERY, _too_late),
    Shown("429", PORTAL, "/429/", EVERY, _as_it_lies),
    Shown("Sign in, closed", PORTAL, "/sign-in/", EVERY, _lock_out),
    Shown("500", PORTAL, "/500/", EVERY, _as_it_lies),
    Shown("503, closed for maintenance", PORTAL, "/503/", EVERY + DARK, _as_it_lies),
]


def _picture(page: Page, look: Look, file: Path) -> None:
    if look.manner == "large":
        page.evaluate("document.documentElement.classList.add('large')")
    if look.manner == "print":
        page.emulate_media(media="print")
    page.screenshot(path=file, full_page=True)
    if look.manner == "print":
        page.emulate_media(media="screen")


def take_all(browser: Browser, folder: Path, open_page: Opener, visit: Visit) -> Path:
    """Take every page in every look; returns the sheet, which lies beside the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    taken: dict[int, list[tuple[Look, str]]] = {number: [] for number in range(len(PAGES))}
    for look in dict.fromkeys(look for shown in PAGES for look in shown.looks):
        pages: dict[str, Page] = {}
        for number, shown in enumerate(PAGES):
            if look not in shown.looks:
                continue
            if shown.person not in pages:
                pages[shown.person] = open_page(
                    browser, shown.person, look.width, look.language, look.manner == "dark"
                )
            (shown.way or visit)(pages[shown.person], shown.path)
            name = f"{number:02d}-{look.name}.png"
            _picture(pages[shown.person], look, folder / name)
            taken[number].append((look, name))
        for page in pages.values():
            page.context.close()
        print(f"{look.name}: taken", flush=True)
    sheet = folder / "index.html"
    sheet.write_text("\n".join(_sheet(taken)), encoding="utf-8")
    return sheet


def _sheet(taken: dict[int, list[tuple[Look, str]]]) -> Iterator[str]:
    yield _HEAD
    for number, pictures in taken.items():
        shown = PAGES[number]
        who = shown.person or "anyone"
        yield f"<h2>{number:02d} · {html.escape(shown.title)} <small>{who}</small></h2><div>"
        for look, name in pictures:
            kind = "phone" if look.width == 360 else "monitor"
            alt = html.escape(f"{shown.title}, {look.name}")
            yield (
                f'<figure class="{kind}"><a href="{name}"><img src="{name}" alt="{alt}" '
                f'loading="lazy"></a><figcaption>{look.name}</figcaption></figure>'
            )
        yield "</div>"


_HEAD = """<!DOCTYPE html>
<html lang="en"><meta charset="utf-8"><title>Contact sheet</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
  body { margin: 1.5rem; background: #dfe2e6; color: #16294b; font: 14px/1.5 system-ui, sans-serif }
  h2 { margin: 2rem 0 .5rem; font-size: 16px } small { color: #566072; font-weight: 400 }
  div { display: flex; gap: 12px; align-items: flex-start; overflow-x: auto; padding-bottom: 8px }
  figure { flex: none; margin: 0 } img { display: block; width: 100%; box-shadow: 0 1px 4px #0003 }
  figure a { display: block; max-height: 420px; overflow: hidden }
  .monitor { width: 430px } .phone { width: 170px }
</style>
<h1>Contact sheet</h1>
<p>Every page, both languages and sizes side by side; a picture opens whole.</p>"""
