"""
Logs: facts with keys, for people in a terminal and as JSON for machines.

Never a pupil's name, a number or a word of a message. Libraries that would write addresses or
bodies are kept quiet; what they do say is a line like ours, so that a machine can read every one.
"""

import logging
import sys

import structlog

QUIET = ("httpx", "httpcore", "telegram", "twilio", "apscheduler", "uvicorn.access", "alembic")


def set_up_logs(*, only_warnings: bool = False) -> None:
    """Make every log line one of facts; JSON where nobody watches a terminal."""
    level = logging.WARNING if only_warnings else logging.INFO
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    # It may print an update's text when it cannot read one.
    logging.getLogger("telegram.Bot").disabled = True
    # A traceback with its local values would quote the very reply that was being handled.
    plain = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
    renderers: list[structlog.typing.Processor] = (
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if sys.stderr.isatty()
        else [structlog.processors.ExceptionRenderer(plain), structlog.processors.JSONRenderer()]
    )
    facts: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*facts, *renderers],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    said_by_libraries = logging.StreamHandler(sys.stderr)
    said_by_libraries.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=facts,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *renderers,
            ],
        )
    )
    logging.basicConfig(level=level, handlers=[said_by_libraries], force=True)
