"""Who acts or reads is an opaque id; what can be none is wrong use."""

from __future__ import annotations

import pytest

from cli import speech
from cli.backup import operator
from cli.choosing import looking
from cli.settings import Usage, reader, sender
from desk.desk import Sender
from desk.reads import UNNAMED

NO_IDS = ["Jan de Vries", "jan@example.org", "k-1\n", "é", "x" * 201, "a|b"]


@pytest.fixture(autouse=True)
def _nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is named by the environment, and messages are in English."""
    monkeypatch.delenv("POLDER_AS", raising=False)
    speech.choose(["--lang", "en"], {})


@pytest.mark.parametrize("told", NO_IDS)
def test_what_can_be_no_id_is_wrong_use(
    told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is sent, read or noted; the environment may say it as well."""
    for ask in (sender, reader, looking, operator):
        with pytest.raises(Usage, match="is no id"):
            ask(told)
    monkeypatch.setenv("POLDER_AS", told)
    for ask in (sender, reader, looking, operator):
        with pytest.raises(Usage, match="is no id"):
            ask(None)


def test_an_id_may_come_with_a_role() -> None:
    """Who reads needs none."""
    assert sender("k-1/parties") == Sender("k-1", "parties", via="cli")
    assert reader("k-1/parties") == "k-1"
    assert reader("zaaksysteem:1.0_a") == "zaaksysteem:1.0_a"


def test_who_is_not_named_reads_as_nobody() -> None:
    """Acting has a usual name, and so has keeping the servers; reading has none."""
    assert looking(None).id == UNNAMED
    assert reader(None) is None
    assert operator(None)["id"] == "operator"
