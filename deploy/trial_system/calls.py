"""The same stream by HTTP: batches to the product's machine interface, each sent until it is taken.

A batch has a key of its own, so that one that was taken before its answer was lost counts once.
"""

from __future__ import annotations

import hashlib
import json
import time
import urllib.error
import urllib.request
from collections import Counter, deque
from collections.abc import Sequence
from typing import Any

from deploy.trial_system.ledger import Ledger, Record

LARGEST = 500  # records in a call
_ATTEMPTS = 8


class Refused(Exception):
    """The product does not take a call as it is; sending it again would not help."""


def post_all(
    ledger: Ledger, *, url: str, key: str, rate: float = 0, most: int | None = None
) -> Counter[str]:
    """Send what ``url`` has not been told, at most ``rate`` records a second (0: at once).

    Returns what became of the records, by outcome.
    """
    outcomes: Counter[str] = Counter()
    waiting = deque(ledger.unsent(url, most))
    while waiting:
        kind = _address(waiting[0][1])
        batch: list[tuple[int, Record]] = []
        while waiting and len(batch) < LARGEST and _address(waiting[0][1]) == kind:
            batch.append(waiting.popleft())
        started = time.monotonic()
        answer = _post(f"{url.rstrip('/')}/api/v1/{kind}", key, _body(kind, batch), batch)
        outcomes.update(item["outcome"] for item in answer["items"])
        ledger.note_sent(url, batch[-1][0])
        if rate:
            time.sleep(max(0, len(batch) / rate - (time.monotonic() - started)))
    return outcomes


def _address(record: Record) -> str:
    return "nodes" if record.kind == "node" else "cases"


def _body(kind: str, batch: Sequence[tuple[int, Record]]) -> dict[str, Any]:
    said: dict[str, list[dict[str, Any]]] = {}
    for _place, record in batch:
        name = {"case": "cases", "participant": "participants", "node": "nodes"}[record.kind]
        said.setdefault(name, []).append({"sequence": record.sequence, **record.said})
    return dict(said)


def _post(
    address: str, key: str, body: dict[str, Any], batch: Sequence[tuple[int, Record]]
) -> dict[str, Any]:
    content = json.dumps(body, ensure_ascii=False).encode()
    name = hashlib.sha256(f"{address} {batch[0][0]} {batch[-1][0]}".encode() + content)
    request = urllib.request.Request(  # noqa: S310 - the address is the operator's own
        address,
        content,
        {
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/json",
            "Idempotency-Key": name.hexdigest(),
        },
    )
    for attempt in range(_ATTEMPTS):
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - as above
                return dict(json.load(answer))
        except urllib.error.HTTPError as error:
            if error.code < 500 and error.code != 429:
                raise Refused(f"{error.code}: {error.read().decode()}") from None
            wait = float(error.headers.get("Retry-After") or 2**attempt)
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            wait = 2**attempt
        time.sleep(min(wait, 60))
    raise Refused(f"no answer from {address} after {_ATTEMPTS} attempts")
