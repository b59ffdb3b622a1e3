"""Reading and checking a policy document: what is wrong is named by file, key and reason.

A value of ``[values]`` is ``{ value = ..., source = ... }``. A limit or a step has a ``source``
of its own, which stands for each value in it that is not written in that way.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import time
from itertools import product
from typing import Any

ASSUMED = "assumed"
# No number of a policy is greater, be it of days or of anything else: some two years of business
# days, of which calendars reach that far.
MOST_DAYS = 500
# In the order in which they are read by people.
VALUE_KEYS = (
    "opening_hour", "closing_hour", "party_notices_from", "party_notices_until",
    "complete_after_business_days", "reopen_within_days", "attempts", "attempt_days",
    "ladder_shown_to_party", "publish_mobile",
    "ranking_weight_acceptance", "ranking_weight_liaison", "ranking_weight_completion",
    "ranking_least_requests", "ranking_lagging_under", "ranking_lagging_last",
    "ranking_interview_lagging", "ranking_interview_months",
    "issues_least_parties", "issues_months_before", "issues_most",
    "ahead_percent", "ahead_months", "ahead_least_cases",
    "referral_trial_management_classes", "referral_trial_management_issues",
    "referral_discipline_classes", "referral_discipline_issues",
    "referral_inspection_classes", "referral_inspection_issues",
    "referral_conduct_classes",
    "look_back_after_days", "look_back_percent",
    "objection_business_days",
)  # fmt: skip
# Of the monthly ranking. No rate need have a weight, but one of them must.
RANKING = "ranking_"
MOST_MONTHS = 24
# Of the search for hot issues, and of the watch list.
ISSUE, AHEAD = "issues_", "ahead_"
OBJECTION = "objection_business_days"
OBJECTION_DAYS, MOST_OBJECTION_DAYS = 5, 60
_MAY_BE_NONE = {f"{RANKING}weight_{rate}" for rate in ("acceptance", "liaison", "completion")}
# Of what is referred: which office is sent which classes, and which issues among them.
REFERRAL = "referral_"
OFFICES = ("trial_management", "discipline", "inspection")
ISSUES = ("typical", "hot", "difficult", "key")
LONGEST_CLASS = 30
# Of the look back at closed agenda matters.
LOOK_BACK = "look_back_"


class PolicyError(ValueError):
    """A policy file is wrong; says which file, which key, and why."""

    def __init__(self, file: str, key: str, reason: str) -> None:
        super().__init__(f"{file}: {key}: {reason}")
        self.file, self.key, self.reason = file, key, reason


class Reader:
    """Reads values of a document and complains with file and key.

    ``strict`` refuses what a file must not have: keys that it does not know (they are mistyped)
    and values without a source. A kept version may have been written for older code.
    """

    def __init__(self, file: str, *, strict: bool) -> None:
        self.file, self.strict = file, strict

    def fail(self, key: str, reason: str) -> PolicyError:
        """The error to raise for a key."""
        return PolicyError(self.file, key, reason)

    def table(self, parent: Mapping[str, Any], key: str, path: str) -> Mapping[str, Any]:
        """The table at ``key``."""
        found = parent.get(key)
        if not isinstance(found, dict):
            raise self.fail(f"{path}{key}", "a table is needed")
        return found

    def known(self, row: Any, keys: Collection[str], path: str) -> Mapping[str, Any]:
        """The row, which must be a table, of these keys if strict."""
        if not isinstance(row, dict):
            raise self.fail(path.removesuffix("."), "a table is needed")
        for key in row:
            if self.strict and key not in keys:
                raise self.fail(f"{path}{key}", f"is none of {', '.join(sorted(keys))}")
        return row

    def text(self, parent: Mapping[str, Any], key: str, path: str = "") -> str:
        """A text that is no value of the policy, such as a name."""
        found = parent.get(key)
        if not isinstance(found, str) or not found:
            raise self.fail(f"{path}{key}", "a text is needed")
        return found

    def name(self, name: str, path: str, most: int | None) -> str:
        """A name of at most as many characters as the column takes that keeps it."""
        if most is not None and len(name) > most:
            raise self.fail(path, f"has more than {most} characters")
        return name

    def sourced(self, row: Mapping[str, Any], key: str, path: str) -> Any:
        """The value at ``key``, whose source is its own or else the row's."""
        found = row.get(key)
        if isinstance(found, dict):
            self.known(found, {"value", "source"}, f"{path}{key}.")
            if "value" not in found:
                raise self.fail(f"{path}{key}", "needs { value = ..., source = ... }")
            self.source(found if "source" in found else row, f"{path}{key}")
            return found["value"]
        if found is None:
            raise self.fail(f"{path}{key}", "a value is needed")
        self.source(row, f"{path}{key}")
        return found

    def source(self, row: Mapping[str, Any], path: str) -> None:
        """Check the source of a row or value: what counts as no clause counts as no source."""
        source = row.get("source")
        if not self.strict:
            return
        if source is None:
            raise self.fail(path, "names no source (a clause, or assumed)")
        if not isinstance(source, str) or not (source == ASSUMED or _names_a_clause(source)):
            raise self.fail(path, "its source is neither a numbered clause nor assumed")

    def whole(
        self,
        row: Mapping[str, Any],
        key: str,
        path: str,
        *,
        least: int = 1,
        most: int = MOST_DAYS,
    ) -> int:
        """A whole number within bounds."""
        value = self.sourced(row, key, path)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise self.fail(f"{path}{key}", f"a whole number of at least {least} is needed")
        if self.strict and value > most:  # a kept version says what it said
            raise self.fail(f"{path}{key}", f"is more than {most}")
        return value

    def objection_days(self, values: Mapping[str, Any], path: str) -> int:
        """In how many business days after a month its figures may be objected to.

        A version kept before objections were says nothing of it, and the default holds.
        """
        if not self.strict and OBJECTION not in values:
            return OBJECTION_DAYS
        return self.whole(values, OBJECTION, path, most=MOST_OBJECTION_DAYS)

    def ranking(self, values: Mapping[str, Any], path: str) -> dict[str, int]:
        """The whole numbers of the monthly ranking, by their names without ``ranking_``.

        A version kept before there were any has none.
        """
        found = {
            key.removeprefix(RANKING): self.whole(
                values, key, path, least=0 if key in _MAY_BE_NONE else 1
            )
            for key in VALUE_KEYS
            if key.startswith(RANKING) and (self.strict or key in values)
        }
        for name in ("lagging_under", "lagging_last"):
            if found.get(name, 0) > 100:
                raise self.fail(f"{path}{RANKING}{name}", "a percentage is at most 100")
        weights = [found[name] for name in found if name.startswith("weight_")]
        if weights and not any(weights):
            raise self.fail(f"{path}{RANKING}weight_acceptance", "no rate has a weight")
        if found.get("interview_lagging", 0) > found.get("interview_months", MOST_MONTHS):
            raise self.fail(f"{path}{RANKING}interview_lagging", "is more than the months counted")
        if found.get("interview_months", 1) > MOST_MONTHS:
            raise self.fail(f"{path}{RANKING}interview_months", f"is more than {MOST_MONTHS}")
        return found

    def issues(self, values: Mapping[str, Any], path: str) -> dict[str, int]:
        """The whole numbers of the search for hot issues, by their names without ``issues_``."""
        found = self._wholes(values, path, ISSUE)
        if found.get("months_before", 1) > MOST_MONTHS:
            raise self.fail(f"{path}{ISSUE}months_before", f"is more than {MOST_MONTHS}")
        return found

    def ahead(self, values: Mapping[str, Any], path: str) -> dict[str, int]:
        """The whole numbers of the watch list, by their names without ``ahead_``."""
        found = self._wholes(values, path, AHEAD)
        for name, most in (("percent", 100), ("months", MOST_MONTHS)):
            if found.get(name, 1) > most:
                raise self.fail(f"{path}{AHEAD}{name}", f"is more than {most}")
        return found

    def _wholes(self, values: Mapping[str, Any], path: str, prefix: str) -> dict[str, int]:
        """Whole numbers by their names without a prefix; a version kept before them has none."""
        return {
            key.removeprefix(prefix): self.whole(values, key, path)
            for key in VALUE_KEYS
            if key.startswith(prefix) and (self.strict or key in values)
        }

    def referrals(self, values: Mapping[str, Any], path: str) -> dict[str, tuple[str, ...]]:
        """The words of what is referred, by their names without ``referral_``.

        Which class goes to which office is the city's own; a city that refers nothing to an office
        names none for it. No two offices take the same issue of the same class, and conduct is
        among the classes that are sent to somebody.
        """
        found = {
            key.removeprefix(REFERRAL): self.texts(
                values, key, path, ISSUES if key.endswith("_issues") else None
            )
            for key in VALUE_KEYS
            if key.startswith(REFERRAL) and key in values
        }
        taken: set[tuple[str, str]] = set()
        for office in OFFICES:
            classes, issues = found.get(f"{office}_classes"), found.get(f"{office}_issues")
            key = f"{path}{REFERRAL}{office}_classes"
            if (classes is None) != (issues is None):
                raise self.fail(key, "classes and issues of an office go together")
            for one in classes or ():
                if not re.fullmatch(r"[a-z][a-z_]*", one) or len(one) > LONGEST_CLASS:
                    raise self.fail(key, f"{one} is no name of small letters and underlines")
            pairs = set(product(classes or (), issues or ()))
            if taken & pairs:
                raise self.fail(key, "another office takes the same issue of the same class")
            taken |= pairs
        if not set(found.get("conduct_classes", ())) <= {one for one, _issue in taken}:
            raise self.fail(f"{path}{REFERRAL}conduct_classes", "names a class that nobody takes")
        return found

    def look_back(self, values: Mapping[str, Any], path: str) -> dict[str, int]:
        """After how many days how many per cent of the closed agenda matters are looked at again.

        By their names without ``look_back_``; a version kept before there were any has none.
        """
        found = {
            key.removeprefix(LOOK_BACK): self.whole(values, key, path)
            for key in VALUE_KEYS
            if key.startswith(LOOK_BACK) and key in values
        }
        if found.get("percent", 0) > 100:
            raise self.fail(f"{path}{LOOK_BACK}percent", "a percentage is at most 100")
        return found

    def hour(self, row: Mapping[str, Any], key: str, path: str) -> time:
        """A local time of the day."""
        value = self.sourced(row, key, path)
        try:
            found = time.fromisoformat(value)
        except (TypeError, ValueError):
            found = None
        if found is None or found.tzinfo is not None:
            raise self.fail(f"{path}{key}", "a local time such as 09:00 is needed")
        return found

    def choice(self, row: Mapping[str, Any], key: str, path: str, among: Collection[str]) -> str:
        """One of some words."""
        value = self.sourced(row, key, path)
        if not isinstance(value, str) or value not in among:
            raise self.fail(f"{path}{key}", f"must be one of {', '.join(sorted(among))}")
        return value

    def texts(
        self, row: Mapping[str, Any], key: str, path: str, among: Collection[str] | None
    ) -> tuple[str, ...]:
        """Some words, of those given or (``None``) any."""
        found = self.sourced(row, key, path)
        if not isinstance(found, list) or not found or not all(isinstance(x, str) for x in found):
            raise self.fail(f"{path}{key}", "must list at least one word")
        if among is not None and not set(found) <= set(among):
            raise self.fail(f"{path}{key}", f"must list some of {', '.join(sorted(among))}")
        return tuple(found)


def _names_a_clause(source: str) -> bool:
    """Whether it has a number in it, as "G8", "clause 8" and "第八条" have."""
    return any(letter.isnumeric() for letter in source)
