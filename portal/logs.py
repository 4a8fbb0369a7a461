"""Logs: one line an event, JSON in production, without the values of local variables (they may be secrets)."""

import logging
import re
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

TOKEN = re.compile(r"(/receipts/[^/\s]+/|/not-me/)[^/\s]+")


def without_tokens(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Leave the token out of an address that is a secret: a callback's, which reports on messages, and a notice's."""
    return {name: TOKEN.sub(r"\1...", value) if isinstance(value, str) else value for name, value in event.items()}


def without_trace_of_refusals(record: logging.LogRecord) -> bool:
    """A page that is refused (403, 404) is no mistake of ours: one line says so, without the way there."""
    if record.name == "django.request" and record.levelno < logging.ERROR:
        record.exc_info = record.exc_text = None
    return True


def logging_config(level: str, *, as_json: bool) -> dict[str, Any]:
    """The `LOGGING` setting; it configures structlog on the way, so that both write the same lines to stderr.

    Tracebacks are written as plain text: structlog's own richer ones would show the locals of every frame.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        without_tokens,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
                "foreign_pre_chain": [structlog.stdlib.ExtraAdder(allow=()), *shared],
            }
        },
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": [without_trace_of_refusals],
            }
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level},
            # Our own request line says the same, with the request's id.
            "django.server": {"handlers": [], "level": "WARNING", "propagate": False},
        },
    }
