"""Two beats, two reviewers, two editors at the same moment: one draft, one edition, one text."""

from __future__ import annotations

from courts.errors import Invalid, WrongState
from reports.briefing import services
from reports.models import Briefing, BriefingReading, BriefingText, Edition
from tests.city import City
from tests.concurrency.conftest import at_once
from tests.reports import briefed
from tests.reports.briefed import JULY_1, JULY_2


def test_two_of_everything_at_once(town: City) -> None:
    town.order(at=briefed.local(2020, 6, 5))
    assert sorted(at_once(*(lambda: services.draft_due(JULY_1),) * 2)) == [0, 1]
    briefing = Briefing.objects.get()
    writer, colleague = briefed.writer(town), briefed.colleague(town)

    def write(by: object) -> BriefingText:
        return services.edit(
            briefing_id=briefing.pk,
            section="basic",
            language="en",
            text=f"By {by}.",
            version=1,
            by=by,
            at=JULY_1,
        )

    results = at_once(lambda: write(writer), lambda: write(colleague))
    assert [type(one) for one in results if isinstance(one, Exception)] == [Invalid]
    assert BriefingText.objects.filter(section="basic", language="en").count() == 2

    services.submit(briefing_id=briefing.pk, by=writer, at=JULY_1)
    chief = briefed.chief(town)
    results = at_once(
        *(lambda: services.publish(briefing_id=briefing.pk, by=chief, at=JULY_2),) * 2
    )
    assert [type(one) for one in results if isinstance(one, Exception)] == [WrongState]
    assert Edition.objects.count() == 1
    # The colleague too must read it: presidents of three courts, and two of the chamber.
    assert BriefingReading.objects.count() == 5
