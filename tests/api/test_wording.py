"""Who calls over HTTP is told a route, and never what to type on a command line."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from api.wording import OVER_HTTP
from tests.api.conftest import Api

ROOT = Path(__file__).parents[2]
A_COMMAND_LINE = re.compile(r"\bpolder [a-z]|[A-Z]+_(URL|ADDRESS|KEY)\b")


def _files() -> Iterator[Path]:
    """The modules that the API loads, in a process of its own, for others load more."""
    told = "import sys, api.app; print(*(m.__file__ for m in [*sys.modules.values()]"
    told += " if getattr(m, '__file__', None)), sep='\\n')"
    done = subprocess.run(
        [sys.executable, "-c", told], cwd=ROOT, capture_output=True, check=True
    )
    for each in map(Path, done.stdout.decode().splitlines()):
        if ROOT in each.parents and ".venv" not in each.parts:
            yield each


def _marked() -> Iterator[str]:
    """Every text of the code behind the API that people may be told."""
    for file in _files():
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            match node:
                case ast.Call(ast.Name("mark"), [ast.Constant(str() as text)]):
                    yield text
                case _:
                    pass


def test_what_names_a_command_line_is_said_otherwise_over_http() -> None:
    """Each such text that an answer can hold has its own words in the table."""
    found = {each for each in _marked() if A_COMMAND_LINE.search(each)}
    assert len(found) > 15
    assert found - OVER_HTTP.keys() == set()


def test_the_words_of_http_name_no_command_line_and_no_other_facts() -> None:
    """A row says what it can from the facts that the desk gives."""
    for theirs, ours in OVER_HTTP.items():
        assert not A_COMMAND_LINE.search(ours), ours
        facts = {name for _, name, _, _ in Formatter().parse(theirs) if name}
        assert {name for _, name, _, _ in Formatter().parse(ours) if name} <= facts


async def test_what_is_not_there_is_told_with_a_route(api: Api) -> None:
    """In the caller's language."""
    for lang, words in (("nl", "Er is geen dialoog"), ("en", "There is no dialogue")):
        found = await api.get(
            "/v1/dialogues/gemeente-waterdam:nergens", accept_language=lang
        )
        detail = found.json()["detail"]
        assert words in detail
        assert "GET /v1/dialogues" in detail
        assert "polder dialogue" not in detail


async def test_a_private_target_is_refused_in_the_callers_language(api: Api) -> None:
    """Also the reason within the reason."""
    body = {"target": "https://10.0.0.7/hook"}
    told = await api.post("/v1/subscriptions", body)
    assert told.status_code == 400, told.text
    [wrong] = told.json()["errors"]
    assert wrong["pointer"] == "/target"
    assert "privénetwerk" in wrong["detail"]
    assert "private network" not in wrong["detail"]
    body = {"target": "ftp://ergens.example/hook"}
    told = await api.post("/v1/subscriptions", body)
    assert "use https" not in told.json()["errors"][0]["detail"]
