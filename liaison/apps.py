"""Django application settings of `liaison`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LiaisonConfig(AppConfig):
    """Requests, their timeline and clocks; the portal and the desk."""

    name = "liaison"
    verbose_name = _("Judge liaison")

    def ready(self) -> None:
        """Own the two clocks of a request, and the notices about it."""
        from escalation.subjects import Subject, register
        from liaison.kinds import ACCEPTANCE, REPLY
        from liaison.models import Channel, Matter
        from liaison.notice_kinds import register_kinds
        from liaison.sign_in import register_kinds as register_codes

        words = {"matters": Matter.values, "channels": Channel.values}
        register(
            Subject(
                kind=REPLY,
                notice_kind="ladder.reply",
                words=words,
                limits=("summary", "ordinary"),
                is_needed=True,
            )
        )
        register(
            Subject(
                kind=ACCEPTANCE,
                notice_kind="ladder.acceptance",
                words=words,
                limits=("acceptance",),
                is_needed=True,
            )
        )
        register_kinds()
        register_codes()
