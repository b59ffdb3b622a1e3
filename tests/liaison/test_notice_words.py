"""What a party is told of the limit: that of being taken up, until the request is."""

from __future__ import annotations

import pytest

from liaison import services
from notices import kinds
from notices.models import Notice
from tests.city import City, local

TAKEN_UP = {
    "en": "The litigation service takes it up by the end of Mon 23 November",
    "zh-hans": "诉讼服务部门将在11月23日（周一）24时前受理",
}


def words_of(notice: Notice, language: str) -> str:
    context = kinds.read([notice])[notice.pk]
    assert context is not None
    kind = kinds.of(notice.kind)
    return kinds.words(kind, context, kinds.Level.OUTSIDE, language=language)[1]


@pytest.mark.parametrize("language", TAKEN_UP)
def test_a_request_just_registered_has_the_limit_of_being_taken_up(
    town: City, language: str
) -> None:
    made = town.request(at=local(2026, 11, 20))
    notice = Notice.objects.get(kind="request.registered", subject_id=made.pk)
    assert TAKEN_UP[language] in words_of(notice, language)
    services.route(
        request_id=made.pk,
        department=town.division(),
        handler=None,
        by=town.staff(),
        at=local(2026, 11, 20, 11),
    )
    after = words_of(notice, language)
    assert TAKEN_UP[language] not in after
