"""Whatever is out of the ordinary has its sentence, and a remedy if there is one."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any, get_args

import pytest

from cli import speech
from cli.exceptions import show
from cli.page import Page
from desk.exceptions import Unusual
from desk.in_words.unusual import TITLES, sentence, todo
from desk.remarks import REASONS
from domain.incidents import Todo
from domain.mandates import Reason
from storage.exceptional import ORDER, Exceptional, Kind
from storage.mishaps import KIND_OF
from storage.verify_mandates import MISSING

AT = datetime(2026, 11, 21, 16, 20, tzinfo=UTC)
STREAM = "gemeente-waterdam:parkzicht"
UNDER: dict[str, Any] = {
    "actor": "p-2",
    "command": "open_window",
    "mandate": ["org:gemeente-waterdam", 3],
    "reason": "revoked",
}
FACTS: dict[str, dict[str, Any]] = {
    "incident": {"kind": "forked", "incident": "i", "blocks": True},
    "mandate_missing": {**UNDER, "reason": MISSING},
    "strange_key": {"key": "0" * 16, "actor": "p-1"},
    "not_sealed": {"events": 3, "seconds": 40},
    "text_missing": {"type": "personal_data_erased", "actor": "polder"},
    "outside_mandate": UNDER,
    "unsigned": {"type": "items_completed", "actor": "p-1", "role": "facilitator"},
    "shortened": {
        "dialogue": None,
        "years": 5,
        "before": 10,
        "actor": "a-1",
        "authority": "selectielijst 11.1",
    },
    "failed": {"effect": "e1-1", "problem": "smtp", "attempt": 1, "actor": "polder"},
    "late": {"type": "step_started", "seconds": 90},
    "sealed_late": {"events": 3, "seconds": 40},
    "refused": {"name": None, "error": "UnknownItem", "actor": "x"},
    "retried": {"compensation": "c1-1", "attempt": 2, "actor": "p-1"},
    "waived": {"effect": "e1-1", "actor": "p-1"},
    "erasure": {"type": "erasure_executed", "actor": "p-1"},
    "incident_closed": {"kind": "gap", "how": "restored", "incident": "i", "noted": 4},
}
SEEN_TO = {"retried", "waived", "erasure", "incident_closed"}
"""What was seen to already, so that there is nothing left to do."""


def one(kind: Kind, what: str | None = None, **facts: Any) -> Exceptional:  # noqa: ANN401 (any fact)
    """Something out of the ordinary."""
    return Exceptional(kind, STREAM, 7, AT, what or kind, {**FACTS[kind], **facts})


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("kind", get_args(Kind))
def test_each_kind_has_its_sentence_and_its_title(kind: Kind, lang: str) -> None:
    """In both languages, with its facts filled in."""
    speech.choose(["--lang", lang], {})
    told = sentence(one(kind))
    assert told
    assert "{" not in told
    assert "None" not in told
    what = "supersede" if kind == "incident" else kind
    assert bool(todo(one(kind, what))) == (kind not in SEEN_TO)


def test_the_order_is_that_of_the_titles() -> None:
    """The most serious comes first, on screen as in the record."""
    assert [*TITLES] == [*ORDER] == [*get_args(Kind)] == [*FACTS]


def test_each_incident_says_what_an_operator_must_do() -> None:
    """Whatever the remedy, it is said, with the dialogue where it is about one."""
    speech.choose(["--lang", "en"], {})
    told = {what: todo(one("incident", what)) for what in get_args(Todo)}
    assert all(told.values())
    assert STREAM in told["restore"]
    assert f"restore {STREAM} --supersede" in told["supersede"]


def test_each_reason_to_be_outside_a_mandate_is_told() -> None:
    """None that is judged lacks its words, and no words lack their reason."""
    assert {*REASONS} == {*get_args(Reason), MISSING}
    speech.choose(["--lang", "nl"], {})
    for reason in REASONS:
        told = sentence(one("outside_mandate", reason=reason))
        assert told.startswith("p-2 gaf open_window onder gemeente-waterdam/3: ")


def test_a_shorter_term_says_whose_it_is() -> None:
    """That of one dialogue, or that of all without their own."""
    speech.choose(["--lang", "nl"], {})
    told = "5 jaar in plaats van 10, door a-1 (selectielijst 11.1)."
    every = sentence(one("shortened"))
    assert every == f"De bewaartermijn van elke dialoog: {told}"
    park = sentence(one("shortened", dialogue="parkzicht"))
    assert park == f"De bewaartermijn van parkzicht: {told}"


def test_each_event_of_an_erasure_is_told() -> None:
    """All that stand in the record's table of them."""
    types = [name for name, kind in KIND_OF.items() if kind == "erasure"]
    assert len(types) > 5
    for name in types:
        assert sentence(one("erasure", type=name))


def test_a_page_without_exceptions_says_so() -> None:
    """An empty page could also be one that failed."""
    speech.choose(["--lang", "en"], {})
    out = io.StringIO()
    show(Page(out), Unusual([], ()))
    assert out.getvalue() == "Nothing out of the ordinary.\n"
    out = io.StringIO()
    show(Page(out), Unusual([one("late"), one("refused")], ("refused",)))
    lines = out.getvalue().splitlines()
    assert lines[1] == "Recorded late"
    assert lines[2].split()[:2] == [STREAM, "7"]
    assert lines[-1].strip() == "There is more of this than is shown here."
