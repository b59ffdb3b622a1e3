"""E-mail by SMTP, through Django's own back end (``EMAIL_URL``)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.utils import parseaddr
from smtplib import (
    SMTPConnectError,
    SMTPDataError,
    SMTPException,
    SMTPHeloError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from notices.gateways import Message, Taken, Undelivered, Unreachable
from notices.gateways.options import price_of, rate_of
from notices.kinds import Level
from notices.models import Delivery

# A temporary refusal of the whole server rather than of one message: "service not available".
_CLOSING = 421


class EmailGateway:
    """The court's mail server. ``EMAIL_TIMEOUT`` bounds every wait for it (seconds)."""

    channel: str = Delivery.Channel.EMAIL
    batch: int = 20
    in_flight: int = 1  # one connection: its order is that of the messages
    is_short: bool = False

    def __init__(self) -> None:
        self.max_attempts: int = settings.EMAIL_MAX_ATTEMPTS
        self.rate, self.price = rate_of(self.channel), price_of(self.channel)
        self.staff_level = Level(settings.EMAIL_CONTENT_LEVEL)

    @contextmanager
    def open(self) -> Iterator[EmailSession]:
        """A session whose connection is made at the first message and used for the rest."""
        session = EmailSession(get_connection())
        try:
            yield session
        finally:
            session.close()


class EmailSession:
    """One connection, made anew after it broke."""

    def __init__(self, connection: BaseEmailBackend) -> None:
        self._connection = connection
        self._domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]

    def send(self, message: Message) -> Taken:
        """Hand one message over. The server taking it is all that is known of its arrival."""
        mail = EmailMessage(
            subject=message.subject,
            body=message.body,
            to=[message.address],
            connection=self._connection,
            headers={
                # The same at every attempt: a receiving server may know a repetition by it.
                "Message-ID": f"<{message.ident}@{self._domain or 'localhost'}>",
                "Auto-Submitted": "auto-generated",
            },
        )
        try:
            self._connection.open()
        except (SMTPException, OSError) as error:
            self.close()
            raise Unreachable(_reason(error)) from None
        try:
            mail.send()
        except (SMTPRecipientsRefused, SMTPDataError) as error:
            code = _code(error)
            if code == _CLOSING:
                self.close()
                raise Unreachable(_reason(error)) from None
            raise Undelivered(_reason(error), permanent=code >= 500) from None
        except (SMTPSenderRefused, SMTPConnectError, SMTPHeloError) as error:
            self.close()
            raise Unreachable(_reason(error)) from None
        except SMTPServerDisconnected as error:
            self.close()
            raise Undelivered(_reason(error), suspect=True) from None
        except (SMTPException, ValueError) as error:
            # Such as an address that is none, or one that this server cannot write.
            raise Undelivered(_reason(error), permanent=True) from None
        except OSError as error:
            self.close()
            raise Undelivered(_reason(error), suspect=True) from None
        return Taken()

    def close(self) -> None:
        """Hang up; a connection that is broken already is no matter."""
        with suppress(OSError):  # an SMTPException is one
            self._connection.close()


def _code(error: SMTPException) -> int:
    if isinstance(error, SMTPRecipientsRefused):
        return max((code for code, _text in error.recipients.values()), default=0)
    return error.smtp_code if isinstance(error, SMTPResponseException) else 0


def _reason(error: Exception) -> str:
    """What went wrong, without the server's own words: these may repeat the address."""
    code = _code(error) if isinstance(error, SMTPException) else 0
    return f"{type(error).__name__} {code}" if code else type(error).__name__
