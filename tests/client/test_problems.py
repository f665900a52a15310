"""What the server refuses is an exception of the name that it gives."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

import polder_client
from polder_client import Invalid, NothingToDo, Refused, VersionConflict, named
from polder_client.patience import pause, retry_after
from polder_client.problems import Problem, problem


def test_a_refusal_is_an_exception_of_its_name() -> None:
    """One that has a class here, and one that has none."""
    found = problem(409, {"error": "NothingToDo", "detail": "Niets te doen"})
    assert isinstance(found, NothingToDo)
    assert str(found) == "Niets te doen"
    with pytest.raises(named("StepNotReady")) as caught:
        raise problem(409, {"error": "StepNotReady"})
    assert isinstance(caught.value, Refused)
    assert caught.value.name == type(caught.value).__name__ == "StepNotReady"


def test_a_name_is_caught_whatever_its_status() -> None:
    """By its name and by its status, also where that is not the usual one."""
    found = problem(400, {"error": "UnknownStep"})
    assert isinstance(found, named("UnknownStep"))
    assert isinstance(found, Invalid)
    assert not isinstance(found, named("UnknownItem"))


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Invalid),
        (401, polder_client.NotAuthenticated),
        (403, polder_client.NotAllowed),
        (404, polder_client.NotFound),
        (409, Refused),
        (412, VersionConflict),
        (429, polder_client.TooMany),
        (503, polder_client.Unavailable),
        (418, Problem),
    ],
)
def test_a_status_alone_says_what_kind_it_is(status: int, kind: type[Problem]) -> None:
    """Also where the body is no problem document, such as a proxy's page."""
    strange = {"error": "Strange"}, {"error": "not a name"}, {"type": "about:blank"}
    for document in (None, "[]", *strange):
        assert isinstance(problem(status, document), kind)


def test_every_field_that_is_wrong_is_told() -> None:
    """And the facts, to say it in other words."""
    wrong = {"pointer": "/title", "detail": "is missing"}
    found = problem(400, {"errors": [wrong], "facts": {"n": 1}})
    assert found.errors == (wrong,)
    assert found.facts == {"n": 1}


def test_retry_after_is_seconds_or_a_date() -> None:
    """Both forms of RFC 9110; what is neither says nothing."""
    now = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
    assert retry_after({"retry-after": "7"}) == 7
    moment = {"retry-after": "Sun, 22 Nov 2026 07:00:30 GMT"}
    assert retry_after(moment, now) == 30
    assert retry_after({"retry-after": "soon"}) is None
    assert retry_after({}) is None


def test_only_what_may_pass_is_tried_again() -> None:
    """A refusal never; a server that is away for as long as patience lasts."""
    assert pause(0, 10, 409, {}) is None
    assert pause(0, 10, 503, {"retry-after": "2"}) == 2
    assert pause(0, 1, 503, {"retry-after": "2"}) is None
    waits = [pause(attempt, 1000, None, {}) or 0 for attempt in range(12)]
    assert 0.1 <= waits[0] <= 0.2
    assert 4 <= waits[-1] <= 8
