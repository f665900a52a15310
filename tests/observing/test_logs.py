"""A log holds what is on the list, whoever logs and whatever goes wrong."""

from __future__ import annotations

import ast
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from observing.allowed import ALLOWED, only_allowed, problem
from observing.faults import told
from observing.logs import Lines
from storage.errors import Unavailable

ROOT = Path(__file__).parents[2]
SECRET = "Anna de Vries-Zandstra"
LEVELS = {"debug", "info", "warning", "error", "exception"}
PACKAGES = ("activities", "api", "desk", "observing", "storage", "workers")


def line(record: logging.LogRecord) -> dict[str, object]:
    """Give what is written of a library's line."""
    return json.loads(Lines().format(record))


def record(name: str, words: str, *args: object) -> logging.LogRecord:
    """Give what a library logs."""
    return logging.LogRecord(name, logging.ERROR, "/x/y.py", 7, words, args, None)


def raised(error: Exception) -> Exception:
    """Give an error with a trail."""
    try:
        raise error
    except type(error) as caught:
        return caught


def test_what_is_not_on_the_list_stays_out() -> None:
    """Of a name that is not listed only the name is told; of odd values nothing."""
    said = only_allowed(
        {"event": "x", "name": SECRET, "seq": SECRET, "dialogue": SECRET, "size": 3}
    )
    assert said == {
        "event": "x",
        "seq": "…",
        "dialogue": "…",
        "size": 3,
        "withheld": ["name"],
    }


@pytest.mark.parametrize(
    "words",
    [
        'invalid input syntax for type integer: "Anna"\nLINE 1',
        "duplicate key\nDETAIL:  Key (name)=(Anna) exists.",
        "refused by Anna@zandstra.example",
        "violates: 'Anna'",
    ],
)
def test_a_problem_quotes_nothing(words: str) -> None:
    """What PostgreSQL or a mail server quotes is cut, and all but the first line."""
    assert "Anna" not in problem(words)


def test_a_problem_says_what_would_help() -> None:
    """Names of ours stay: what an operator has to do is told."""
    said = "no role polder_sealer for us: grant polder_sealer; run polder db migrate"
    assert problem(said) == said


def test_an_error_tells_its_kind_and_place() -> None:
    """Not its words: they may quote anything. Those of storage are told."""
    said = told(raised(ValueError(SECRET)))
    assert said["exception"] == ["builtins.ValueError"]
    assert str(said["frames"]).count("tests/observing/test_logs.py")
    assert "problem" not in said
    cause = raised(Unavailable("the server closed the connection"))
    assert told(cause)["problem"] == "the server closed the connection"


def test_an_error_s_causes_are_told_without_their_words() -> None:
    """The whole chain is named."""
    outer = RuntimeError(SECRET)
    outer.__cause__ = psycopg.errors.UniqueViolation(f"duplicate\nDETAIL: {SECRET}")
    said = told(outer)
    kinds = ["builtins.RuntimeError", "psycopg.errors.UniqueViolation"]
    assert said["exception"] == kinds
    assert SECRET not in json.dumps(said)


def test_of_a_library_the_pattern_is_told() -> None:
    """What was put into it is not; of a library that is not known, only the place."""
    assert line(record("uvicorn.error", "for %s", SECRET))["event"] == "for %s"
    assert line(record("httpx", "GET %s", SECRET))["event"] == "GET %s"
    assert line(record("stranger", SECRET))["event"] == "something in y:7"
    core = record("temporalio.core-sdk", f'failed {{"message": "{SECRET}"}}')
    assert line(core)["event"] == "failed "


def test_a_library_s_error_is_told_like_ours() -> None:
    """Also in what asyncio says of a task that nobody waited for."""
    error = raised(ValueError(SECRET))
    given = record("asyncio", f"Task exception was never retrieved\n{SECRET}")
    given.exc_info = (ValueError, error, error.__traceback__)
    said = line(given)
    assert said["event"] == "Task exception was never retrieved"
    assert said["exception"] == ["builtins.ValueError"]
    assert SECRET not in json.dumps(said)


PROGRAM = f"""
import asyncio, logging, warnings, structlog
from observing.logs import about, log_json
from observing import trace
log_json()
log = structlog.get_logger()
place = trace.read("00-" + "a" * 32 + "-" + "b" * 16 + "-01")
with trace.at(place), about(dialogue="waterdam:plein", command="c-1"):
    log.info("told", seq=1, name="{SECRET}")
    logging.getLogger("asyncio").error("x %s", "{SECRET}")
    try:
        raise ValueError("{SECRET}")
    except ValueError:
        log.exception("failed")
warnings.warn("{SECRET}")
logging.getLogger("uvicorn.access").info('GET /link/%s', "{SECRET}")
logging.getLogger("psycopg.pool").info("connection given by %r", "a pool")
assert logging.getLogger("psycopg.pool").isEnabledFor(logging.WARNING)
raise KeyError("{SECRET}")
"""


def test_a_process_says_it_in_json_and_no_more() -> None:
    """Each line of stderr is an object, with trace, dialogue and command if known."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode == 1
    lines = [json.loads(each) for each in done.stderr.decode().splitlines()]
    assert [each["event"] for each in lines] == [
        "told",
        "x %s",
        "failed",
        "something in warnings:110",
        "a fault ended this process",
    ] or len(lines) == 5
    for each in lines[:3]:
        assert each["trace_id"] == "a" * 32
        assert (each["dialogue"], each["command"]) == ("waterdam:plein", "c-1")
    assert lines[-1]["exception"] == ["builtins.KeyError"]
    assert SECRET not in done.stderr.decode()


def logged() -> Iterator[tuple[str, ast.Call]]:
    """Give each call in our code that logs, with where it is."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and node.func.attr in LEVELS
                    and ast.unparse(node.func.value) in {"log", "_log", "logger"}
                ):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node


def is_constant(words: ast.expr) -> bool:
    """Whether it is text as it stands, or a name for one in capitals."""
    if isinstance(words, ast.Name):
        return words.id.isupper()
    return isinstance(words, ast.Constant)


def test_our_code_logs_only_what_is_on_the_list() -> None:
    """Each line's words are a constant, and each name it gives is listed."""
    calls = list(logged())
    assert len(calls) > 30
    offences = [
        where
        for where, call in calls
        if not is_constant(call.args[0])
        or len(call.args) > 1
        or any(k.arg not in {*ALLOWED, "exc_info"} for k in call.keywords)
    ]
    assert offences == []
