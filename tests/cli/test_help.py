"""Help answers at once, in both languages, with an example for what takes arguments."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from typer.main import get_command

from cli.frame import COMMANDS, Spec, build
from cli.groups import load
from cli.main import main
from cli.sections import SECTIONS
from tests.cli.running import ROOT, polder, settings

load()

HEAVY = {"temporalio", "psycopg", "rich", "holidays", "yaml", "domain"}
"""What takes a while to load."""

CONTRACT = {
    "": {"up", "demo", "serve", "enter", "worker", "doctor", "version", "today"},
    "case": {"list"},
    "method": {"list", "show", "validate", "schema", "publish"},
    "audit": {
        *("show", "verify", "rebuild", "pack", "checkpoint"),
        *("as-of", "diff", "export", "sample", "reads"),
        *("exceptions", "publications"),
        *("reconcile", "incidents", "close-incident"),
        *("erase", "erasures", "retention", "destroy"),
    },
    "mandate": {"grant", "delegate", "revoke", "list"},
    "audit key": {"show", "rotate"},
    "audit hold": {"place", "lift", "list"},
    "private": {"put"},
    "subscription": {
        *("create", "list", "show", "test", "replay", "rotate"),
        *("enable", "disable", "delete"),
    },
    "events": {"listen"},
    "db": {"migrate", "status", "backup", "restore", "leftovers"},
    "cluster": {"search-attributes"},
}


def words(spec: Spec) -> list[str]:
    """What is typed to run a command."""
    return [*spec.group.split(), spec.name]


def test_every_command_on_dialogues_stands_under_one_heading() -> None:
    """Help lists them by what they are for; none is left out or there twice."""
    listed = [name for names in SECTIONS.values() for name in names]
    known = {spec.name for spec in COMMANDS if spec.group == "dialogue"}
    assert sorted(listed) == sorted(known)


@pytest.mark.parametrize("group", CONTRACT)
def test_every_command_of_the_contract_is_there(group: str) -> None:
    """No more and no fewer; those on dialogues have a test of their own."""
    assert {spec.name for spec in COMMANDS if spec.group == group} == CONTRACT[group]


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("spec", COMMANDS, ids=lambda spec: " ".join(words(spec)))
def test_each_command_explains_itself(
    spec: Spec, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the language that was asked for, with the words that start it."""
    assert main([*words(spec), "--help", "--lang", lang]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert f"polder {' '.join(words(spec))} [OPTIONS]" in told
    dutch = "Toon deze uitleg en stop." in told
    assert dutch == (lang == "nl")
    assert (spec.help.split(";")[0] in told) == (lang == "en")
    for example in spec.examples:
        assert " ".join(example.split()) in told
        assert " ".join(words(spec)) in example
    assert spec.examples or not spec.takes


def test_help_and_version_load_nothing_heavy() -> None:
    """So they answer at once."""
    program = (
        "import sys; from cli.main import main; "
        "main(['version']); main(['dialogue', '--help']); "
        f"print(sorted({HEAVY!r} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=settings(),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("typed", [(), ("dialogue",), ("audit", "key", "show")])
def test_help_lists_what_was_not_asked_for_too(typed: tuple[str, ...]) -> None:
    """A program for these words has every command of the groups they name."""
    whole: Any = get_command(build(lambda _answer: 0))
    part: Any = get_command(build(lambda _answer: 0, frozenset(typed)))
    assert list(part.commands) == list(whole.commands)
    for name, command in part.commands.items():
        known = getattr(whole.commands[name], "commands", {})
        assert name not in typed or list(command.commands) == list(known)
        assert command.get_short_help_str() == whole.commands[name].get_short_help_str()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["dialogue", "shw"], "Bedoelde u 'show'?"),
        (["dialogue", "show"], "Er ontbreekt een argument: 'ORG:SLUG'."),
        (["dialogue", "start", "a:b"], "Er ontbreekt een optie: '--method'."),
        (["today", "--fast"], "Er is geen optie --fast"),
        (["version", "x"], "Dit argument hoort hier niet: x"),
        (["audit", "verify"], "--all"),
        (["dialogue", "restore"], "--all"),
    ],
)
def test_wrong_use_says_what_is_right(
    typed: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, on standard error, and nothing on standard output."""
    assert main(typed) == 2
    answer = capsys.readouterr()
    assert said in answer.err
    assert answer.out == ""


def test_without_servers_a_command_says_how_to_start_them() -> None:
    """Exit code 5, and the same as JSON when that was asked."""
    told = settings(POLDER_HOME="/nowhere/at/all")
    said = polder("dialogue", "list", environment=told)
    assert (said.code, said.out) == (5, "")
    assert "polder up" in said.err
    said = polder("dialogue", "list", "--json", environment=told)
    assert (said.code, said.document["error"]["name"]) == (5, "NotRunning")


def test_methods_can_be_read_without_any_server() -> None:
    """What ships is in the program."""
    told = settings(POLDER_HOME="/nowhere/at/all")
    found = polder("method", "list", "--json", environment=told).document["methods"]
    assert {"id", "version", "title", "hash"} <= found[0].keys()
    assert len(found) == 5
    shown = polder("method", "show", "stakeholderdialoog", "--json", environment=told)
    steps = [s for phase in shown.document["phases"] for s in phase["steps"]]
    assert sum(len(step["items"]) for step in steps) == 48
    missing = polder("method", "show", "stakeholderdialog", environment=told)
    assert (missing.code, "stakeholderdialoog" in missing.err) == (3, True)


def test_a_method_file_is_checked_with_line_path_and_remedy() -> None:
    """Exit code 0 for a method, 1 for what is none yet."""
    good = polder("method", "validate", "methods/imvo-dialoog.yaml", "--json")
    assert (good.code, good.document["valid"]) == (0, True)
    bad = polder("method", "validate", "pyproject.toml", "--json")
    assert (bad.code, bad.document["valid"]) == (1, False)
    assert {"line", "path", "message", "remedy"} <= bad.document["problems"][0].keys()
    assert polder("method", "schema").document["title"] == "Polder method"
