"""Beijing, clause 9: typical problems to the Inspection Office, hot ones to Trial Management."""

from __future__ import annotations

from courts.models import Post
from tests.regulations.conftest import Story, text_of
from tests.regulations.test_g12_referrals import refers, sends

K = Post.Kind


def test_typical_and_hot_problems_part_by_the_policy(beijing: Story) -> None:
    refers(beijing, "enforcement", "终本案件查询难", issue="typical")
    refers(beijing, "enforcement", "执行款发放慢", issue="hot")
    for kind, post, read, unread in (
        ("inspection", K.INSPECTION, "终本案件查询难", "执行款发放慢"),
        ("trial_management", K.TRIAL_MANAGEMENT, "执行款发放慢", "终本案件查询难"),
    ):
        lot = sends(beijing, kind)
        officer = beijing.the(post, court=beijing.town.intermediate)
        page = text_of(beijing.browser(officer).get(lot))
        assert read in page
        assert unread not in page
        other = K.TRIAL_MANAGEMENT if kind == "inspection" else K.INSPECTION
        stranger = beijing.the(other, court=beijing.town.intermediate)
        assert beijing.browser(stranger).get(lot).status_code == 404
