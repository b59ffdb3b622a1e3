"""How the processes write their logs: one JSON object a line, and no personal data in it."""

from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

# Keys that would tell who a person outside the courts is, or how to read their request.
_PERSONAL_KEYS = ("ip", "user_agent")


def without_personal_data(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Drop the address and browser of who asked, and the query of what was asked for.

    A query may carry a name, a telephone number or the access code of a request.
    """
    for key in _PERSONAL_KEYS:
        event.pop(key, None)
    for key in ("request", "url"):
        if isinstance(event.get(key), str):
            event[key] = event[key].partition("?")[0]
    return event


def _shared_processors() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_personal_data,
    ]


def logging_configuration(level: str) -> dict[str, Any]:
    """Configure structlog, and return Django's LOGGING: everything as JSON on standard error."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared_processors(),
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.processors.StackInfoRenderer(),
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info,
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
                "foreign_pre_chain": _shared_processors(),
            },
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Django's own handlers would write the same lines again, unmasked or by e-mail.
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.server": {"handlers": [], "level": level, "propagate": True},
            # django-structlog writes a line for each refusal already; an error may come before it.
            "django.request": {"handlers": [], "level": "ERROR", "propagate": True},
        },
    }
