"""What people said is shown as text: none of it speaks to the terminal."""

from __future__ import annotations

import json
from io import StringIO

import pytest

from cli.page import Cell, Page, write_json

HOSTILE = {
    "an escape": ("\x1b[2J\x1b]52;c;cm0gLXJm\x07", "\x1b]52"),
    "a control of eight bits": ("\x9b31m\x9d52;c;x\x9c", "\x9b"),
    "a return": ("goed\rfout", "\r"),
    "a backspace": ("niet\b\b\b\b", "\b"),
    "a mark that turns the text": ("\u202efout\u2066", "\u202e"),
}
"""What somebody may say, and what of it must not come out."""


class Screen(StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        """Say that it is one."""
        return True


def shown(text: str, out: StringIO) -> str:
    """Show a text in all ways there are; give what was written of it."""
    page = Page(out)
    page.line(f"({text})", "good", indent=2)
    page.table([[Cell(f"({text})"), "b"]], header=[f"({text})", "x"])
    page.command(f"polder dialogue show ({text})")
    return out.getvalue()


@pytest.mark.parametrize(("text", "barred"), HOSTILE.values(), ids=HOSTILE)
def test_a_text_sends_nothing_to_a_terminal(
    text: str, barred: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal, and where there is none."""
    monkeypatch.setenv("TERM", "xterm")
    for out in (Screen(), StringIO()):
        written = shown(text, out)
        assert written.count("(") >= len(("line", "header", "cell", "command"))
        assert barred not in written, repr(written)


def test_lines_of_a_text_stay_lines() -> None:
    """A response of several lines is read as such, whoever wrote the ends of them."""
    out = StringIO()
    Page(out).line("een\r\ntwee\tdrie\nvier")
    assert out.getvalue() == "een\ntwee\tdrie\nvier\n"


@pytest.mark.parametrize("text", [text for text, _ in HOSTILE.values()], ids=HOSTILE)
def test_json_says_the_same_and_sends_nothing(text: str) -> None:
    """It can be looked at, and reads back as it was."""
    out = StringIO()
    write_json({"said": text}, out)
    assert out.getvalue().rstrip("\n").isprintable()
    assert json.loads(out.getvalue()) == {"said": text}
