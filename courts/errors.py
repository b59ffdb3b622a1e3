"""What a service may refuse; mapped once to a status and a message (see ``courts.api.problems``).

``code`` is stable and for machines; the text is for the person who asked.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """A verb was refused; nothing was changed."""

    status = 400
    code = "refused"
    text: Any = _("This cannot be done.")

    def __init__(self, text: Any = None, *, code: str | None = None, field: str | None = None):
        self.text = text or self.text
        self.code = code or self.code
        self.field = field
        super().__init__(self.code)


class Invalid(Refused):
    """What was given is not valid; ``field`` names where."""

    status = 400
    code = "invalid"
    text = _("Please check what you entered.")


class NotAllowed(Refused):
    """The person may see this and may not do that."""

    status = 403
    code = "not_allowed"
    text = _("Your post does not allow this.")


class WrongState(Refused):
    """Somebody was faster, or the verb does not fit the present state."""

    status = 409
    code = "wrong_state"
    text = _("This has changed meanwhile, so the action no longer fits. Please look again.")


class TooMany(Refused):
    """Asked too often."""

    status = 429
    code = "too_many"
    text = _("Too many attempts. Please wait a quarter of an hour and try again.")
