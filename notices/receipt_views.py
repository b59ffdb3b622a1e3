"""Where providers report what became of messages. Each call is signed, or holds a secret."""

from __future__ import annotations

import hmac
import time

import structlog
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from courts.errors import Invalid
from notices import receipts as reports
from notices.gateways import registry
from notices.gateways.signing import is_body_signed, is_wechat_signed

LARGEST = 1024 * 1024
log = structlog.get_logger(__name__)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def receipts(request: HttpRequest, channel: str) -> HttpResponse:
    """Keep the receipts of a call that is signed; the same twice changes nothing.

    404 for a channel that has none, 403 without a signature or with a wrong one, 400 for what
    cannot be read.
    """
    found = registry.shape_of_receipts(channel)
    if found is None:
        raise Http404
    shape, secret = found
    assert shape.receipts is not None
    if request.method == "GET" and shape.receipts_sign != "wechat":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        return HttpResponse(status=413)
    if not _is_signed(shape.receipts_sign, secret, request):
        log.warning("receipt_not_signed", channel=channel)
        return HttpResponse(status=403)
    if request.method == "GET":  # WeChat asks once whether the address is ours
        return HttpResponse(request.GET.get("echostr", ""), content_type="text/plain")
    try:
        rows = reports.read(shape.receipts, request.body)
    except Invalid:
        log.warning("receipt_not_understood", channel=channel)
        return HttpResponse(status=400)
    reports.keep(channel, rows, timezone.now())
    if shape.receipts.answer is None:
        return HttpResponse("success", content_type="text/plain")
    return JsonResponse(dict(shape.receipts.answer))


def _is_signed(scheme: str, secret: str, request: HttpRequest) -> bool:
    if scheme == "hmac_body":
        return is_body_signed(secret, request.headers, request.body, time.time())
    if scheme == "wechat":
        return is_wechat_signed(secret, request.GET.dict(), time.time())
    shown = request.GET.get("token", "")
    return hmac.compare_digest(shown.encode(), secret.encode())
