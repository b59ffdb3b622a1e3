"""A call that changes something is applied once, however often it is sent.

The caller gives each intention a key of its own in ``Idempotency-Key``. A repeat gets the first
answer; the key with another body is refused. A refused call keeps nothing, so that it may be
mended and sent again under its key.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from courts.errors import Invalid
from courts.fields import blind_index
from courts.models import ApiClient, IdempotencyRecord

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
_KEY = re.compile(r"[\x21-\x7e]{1,120}")

PARAMETER = OpenApiParameter(
    name=HEADER,
    location=OpenApiParameter.HEADER,
    required=True,
    type={"type": "string", "minLength": 1, "maxLength": 120, "pattern": "^[!-~]+$"},
    description=(
        "A key of your own for this one intention, such as a UUID. Sent again with the same "
        f"body, the first answer comes back, marked `{REPLAYED}: true`."
    ),
)


class KeyReused(APIException):
    """The key was used for another body."""

    status_code = 422
    default_code = "idempotency_key_reused"
    default_detail = _("This idempotency key was used for something else.")


def _digest(request: Request) -> str:
    said = json.dumps([request.method, request.path, request.data], sort_keys=True)
    # Keyed: the body holds a telephone number, and a plain digest of one is found by trying.
    return blind_index(said)


def key_of(request: Request) -> str:
    """The call's idempotency key; raises ``Invalid`` when it is missing or unusable."""
    key = request.headers.get(HEADER, "")
    if not _KEY.fullmatch(key):
        raise Invalid(
            _("Give each call its own Idempotency-Key of 1 to 120 visible characters."),
            code="idempotency_key",
            field=HEADER,
        )
    return key


def first_answer(
    request: Request,
    client: ApiClient,
    *,
    add_unkept: Callable[[dict[str, Any]], dict[str, Any]] = dict,
) -> Response | None:
    """The answer that was given under the call's key, if there is one.

    Ask before the body is checked: what was valid once may be so no longer (a court has closed),
    and the repeat still gets the first answer. Raises ``KeyReused`` as ``answer_once`` does.
    """
    key = key_of(request)
    first = IdempotencyRecord.objects.filter(client=client, key=key).first()
    return None if first is None else _replay(first, _digest(request), add_unkept)


def answer_once(
    request: Request,
    client: ApiClient,
    verb: Callable[[], dict[str, Any]],
    *,
    status: int = 201,
    add_unkept: Callable[[dict[str, Any]], dict[str, Any]] = dict,
) -> Response:
    """Call ``verb`` in a transaction and keep its answer under the call's key; or replay it.

    A copy that comes at the same time waits for the first to end. ``add_unkept`` completes the
    answer each time with what must not lie in the table, such as an access code. Raises
    ``KeyReused`` when the key was used with another body.
    """
    key, digest = key_of(request), _digest(request)
    with transaction.atomic():
        try:
            with transaction.atomic():
                record = IdempotencyRecord.objects.create(
                    client=client, key=key, request_digest=digest, status=status, body={}
                )
        except IntegrityError:
            first = IdempotencyRecord.objects.get(client=client, key=key)
            return _replay(first, digest, add_unkept)
        record.body = verb()
        record.save(update_fields=["body"])
    return Response(add_unkept(record.body), record.status)


def _replay(
    first: IdempotencyRecord,
    digest: str,
    add_unkept: Callable[[dict[str, Any]], dict[str, Any]],
) -> Response:
    if first.request_digest != digest:
        raise KeyReused
    return Response(add_unkept(first.body), first.status, headers={REPLAYED: "true"})
