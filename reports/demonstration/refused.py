"""When no invented data are made."""

from __future__ import annotations

from escalation.models import PolicyVersion


class NoDemonstration(Exception):
    """The settings of this deployment do not ask for invented data (``DEMONSTRATION``)."""


class UnknownPolicy(Exception):
    """There is no policy of that name; it says which there are."""


def check_policy(slug: str) -> None:
    """Raise ``UnknownPolicy`` unless a policy of that name is kept."""
    known = sorted(set(PolicyVersion.objects.values_list("slug", flat=True)))
    if slug not in known:
        raise UnknownPolicy(f"No policy {slug}. There are: {', '.join(known)}.")
