"""One JSON object a line on stderr, and in it nothing that is not on the list.

Our own lines and those of libraries take the same way out. Of a library's line only the
pattern is told, never what was put in; of a library that is not on a list, only where
in it something was said.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from collections.abc import Generator, Mapping, MutableMapping
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Lock
from types import TracebackType
from typing import Any, Final, TextIO, cast

import structlog
from temporalio import activity, workflow
from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)

from observing import trace
from observing.allowed import only_allowed
from observing.faults import told

CORE: Final = "temporalio.core"
"""The logger to which the SDK's core is forwarded; it prints by itself otherwise."""

_OURS: Final = frozenset({"temporalio.workflow"})
"""Workflows of ours log through the SDK; what they say is made of names and numbers."""

_PATTERNS: Final = (
    *("aiohttp", "aiosmtpd", "aiosmtplib", "asyncio", "fastapi", "httpcore", "httpx"),
    *("mail", "opentelemetry", "psycopg", "temporalio", "uvicorn"),
)
"""Libraries whose patterns are told. They put what they know into arguments."""

_SILENT: Final = ("uvicorn.access",)
"""Says who called, and by what address; `api` writes a line of its own instead."""

_CHATTY: Final = ("psycopg.pool",)
"""Tell each connection that is taken and given back: more than a GET has to say."""

_CORE_FIELDS: Final = {
    "activity_type": "activity",
    "workflow_id": "dialogue",
    "workflow_type": "workflow",
    "task_queue": "task_queue",
    "attempt": "attempt",
}


def log_json(environment: Mapping[str, str] = os.environ) -> None:
    """Have this process log, and tell an error that ends it, as one object a line.

    POLDER_LOG_LEVEL is debug, info (the default), warning or error.
    """
    told = environment.get("POLDER_LOG_LEVEL", "info").upper()
    level = logging.getLevelNamesMapping().get(told, logging.INFO)
    out = _Whole()
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, _finish, _render],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(cast("TextIO", out)),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(cast("TextIO", out))
    handler.setFormatter(Lines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    for name in _SILENT:
        logging.getLogger(name).disabled = True
    if level > logging.DEBUG:
        for name in _CHATTY:
            logging.getLogger(name).setLevel(max(level, logging.WARNING))
    # Who and where comes as data; in the words it would be a second time.
    workflow.logger.workflow_info_on_message = False
    activity.logger.activity_info_on_message = False
    sys.excepthook = _last_words
    _forward_core()


def _forward_core() -> None:
    """Have the SDK's core, which prints by itself otherwise, log through here.

    Only connections made from now on do: so it is said before the first.
    """
    through = LogForwardingConfig(
        logging.getLogger(CORE),
        prepend_target_on_message=False,
        append_log_fields_to_message=False,
    )
    levels = TelemetryFilter(core_level="WARN", other_level="ERROR")
    told = TelemetryConfig(logging=LoggingConfig(levels, forwarding=through))
    Runtime.set_default(Runtime(telemetry=told), error_if_already_set=False)


@contextmanager
def about(**known: str | None) -> Generator[None]:
    """Have every line of this block say these, such as ``dialogue`` and ``command``."""
    said = {name: value for name, value in known.items() if value is not None}
    with structlog.contextvars.bound_contextvars(**said):
        yield


class _Whole:
    """Writes line after line on stderr, whichever threads log at the same time."""

    def __init__(self) -> None:
        self._lock = Lock()

    def write(self, text: str) -> int:
        with self._lock:
            sys.stderr.write(text)
            sys.stderr.flush()
        return len(text)

    def flush(self) -> None:
        """Nothing waits."""


class Lines(logging.Formatter):
    """Makes a line of what a library logs."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the line, without the words of errors."""
        said: dict[str, Any] = {
            **structlog.contextvars.get_contextvars(),
            **_known(record),
            "logger": record.name,
            "level": record.levelname.lower(),
            "event": _words(record),
        }
        if record.exc_info and record.exc_info[1] is not None:
            said["exc_info"] = record.exc_info[1]
        return _render(None, "", _finish(None, "", said))


def _words(record: logging.LogRecord) -> str:
    if record.name in _OURS:
        return record.getMessage()
    if record.name.split(".", 1)[0] in _PATTERNS and isinstance(record.msg, str):
        # The core writes what it knows into the words, behind the first of these.
        core = record.name.startswith(CORE)
        return re.split(r'[{"=]', record.msg, maxsplit=1)[0] if core else record.msg
    return f"something in {record.module}:{record.lineno}"


def _known(record: logging.LogRecord) -> dict[str, object]:
    """Give which dialogue and activity a line of the SDK is about."""
    found: dict[str, object] = {}
    for name in ("temporal_workflow", "temporal_activity"):
        info = cast("Mapping[str, object]", getattr(record, name, None) or {})
        found |= _named(info)
    core = getattr(record, "temporal_log", None)
    if core is not None:
        found |= _named(cast("Mapping[str, object]", core.fields))
    return found


def _named(info: Mapping[str, object]) -> dict[str, object]:
    return {new: info[old] for old, new in _CORE_FIELDS.items() if info.get(old)}


def _finish(
    logger: object, method: str, said: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Add level, moment and trace, tell the error, and leave out what is not listed."""
    del logger
    if method:
        said["level"] = "error" if method == "exception" else method
    said["timestamp"] = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    error = said.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, tuple):
        error = cast("tuple[object, object, object]", error)[1]
    if isinstance(error, BaseException):
        said.update(told(error))
    place = trace.current()
    if place is not None:
        said.update(trace_id=place.trace_id, span_id=place.span_id)
    return only_allowed(said)


def _render(logger: object, method: str, said: Mapping[str, Any]) -> str:
    del logger, method
    return json.dumps(said, ensure_ascii=False, default=lambda _: "…")


def _last_words(
    kind: type[BaseException], error: BaseException, trail: TracebackType | None
) -> None:
    """Tell what ends this process as any other error; Ctrl-C is none."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trail)
        return
    structlog.get_logger().error("a fault ended this process", exc_info=error)
