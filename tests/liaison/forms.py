"""What the tests of portal and desk read from a page."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext

LANGUAGES = ("en", "zh-hans")


def filled(**changes: Any) -> dict[str, Any]:
    """The portal's form as a party fills it in."""
    values = {
        "command_id": str(uuid.uuid4()),
        "court": "示0101",
        "matter": "contact_judge",
        "case_number": "（2026）示0101民初123号",
        "judge_name": "",
        "title": "请法官回电",
        "text": "开庭后一直没有消息，请法官与我联系。",
        "name": "赵六",
        "phone": "138 0013 9999",
        "email": "zhao@example.org",
    }
    return values | changes


def error_at(response: Any, field: str) -> str:
    """The errors shown at a field of the page's form; '' if there are none."""
    form = response.context["form"]
    words = " ".join(form.errors.get(field, []))
    if words:
        assert f'id="{form[field].auto_id}_error"' in response.content.decode()
    return words


def says(response: Any, words: str, language: str = "en", **params: Any) -> bool:
    """Whether the page says ``words`` (an English message) in the reader's language."""
    with translation.override(language):
        expected = gettext(words) % params if params else gettext(words)
    page = response.content.decode()
    return expected in page or escape(expected) in page
