"""How the processes write their logs: one JSON object a line, and no personal data in it."""

import re
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


# What PostgreSQL says besides its message: the values of the row, the statement with its values.
# A row may hold line breaks, so all is cut to the end of the exception; in the printed form of
# an exception the line breaks are written out.
_ROW_OR_STATEMENT = re.compile(
    r"(?:^|(?<=\\n))(?:DETAIL|CONTEXT|QUERY|STATEMENT|HINT|LINE \d+):.*?"
    r"(?=\n\n(?:The above exception was|During handling of)|\Z)",
    re.MULTILINE | re.DOTALL,
)


def without_database_values(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Cut what the database tells of a row or a statement from exceptions, once they are text.

    A row of ours holds names and what parties wrote.
    """
    for key in ("event", "exception"):
        if isinstance(event.get(key), str):
            event[key] = _ROW_OR_STATEMENT.sub("[values left out]", event[key])
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
                    without_database_values,
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
