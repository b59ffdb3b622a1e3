"""Pages are sent compressed, but for those that show a short secret.

Compression lets someone who watches the length of answers, and makes a browser ask again and
again, guess what stands on a page beside words that the guesser chose (BREACH). Against that
stand: the session cookie is not sent with what another site asks for (SameSite), the token
against forged forms is masked anew on each page, and Django lengthens each answer at random. A
secret of a few characters is worth more care than the bytes saved: its page is left as it is.
"""

from __future__ import annotations

from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

_MARK = "_left_as_it_is"
Answer = TypeVar("Answer", bound=HttpResponseBase)


def shows_a_secret(response: HttpResponse) -> HttpResponse:
    """Mark an answer that shows a secret, such as an access code: it is not compressed."""
    return left_as_it_is(response)


def left_as_it_is(response: Answer) -> Answer:
    """Mark an answer whose bytes are promised, such as a part of a file: it is not compressed."""
    setattr(response, _MARK, True)
    return response


class CompressionMiddleware(GZipMiddleware):
    """Compress what a view answers, where the browser takes it. Static files are so already."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Leave what is marked as it is."""
        if getattr(response, _MARK, False):
            return response
        return super().process_response(request, response)
