"""An act is covered by a mandate, or the first thing that is wrong with it is named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.facts import Mandate
from domain.mandate_facts import (
    AnyMandateEvent,
    MandateDelegated,
    MandateGranted,
    MandateRevoked,
    Scope,
)
from domain.mandates import (
    MANDATE_EVENTS,
    Act,
    Mandates,
    Reason,
    Recorded,
    fold_mandates,
    outside,
    stream_of,
)

ORGANISATION = "gemeente-waterdam"
BEGIN = datetime(2026, 11, 1, 9, tzinfo=UTC)
COMMANDS = ("complete_items", "open_window", "revisit_step", "waive_items")
DIALOGUES = ("parkzicht", "stationsplein", "haven")
STEPS = ("opdracht", "verslag")
PEOPLE = ("p-1", "p-2", "p-3")


def day(number: float) -> datetime:
    """The instant so many days after the beginning."""
    return BEGIN + timedelta(days=number)


def scope(**changes: Any) -> Scope:  # noqa: ANN401 (any member)
    """A scope for everything, unless changed."""
    every: dict[str, Any] = {"commands": ("*",), "dialogues": ("*",)}
    return Scope(**{**every, **changes})


def grant(to: str = "p-1", *, delegable: bool = True, **changes: Any) -> MandateGranted:  # noqa: ANN401 (any member)
    """A mandate of the municipal executive."""
    return MandateGranted(
        form="authorisation",
        on_behalf_of="College van B en W",
        grantee=to,
        scope=scope(**changes),
        delegable=delegable,
        reference=None,
        reason=None,
    )


class Stream:
    """The stream of one organisation, one event a day."""

    def __init__(self) -> None:
        """Begin empty."""
        self.events: list[Recorded] = []

    def add(self, fact: AnyMandateEvent, by: str = "b-1") -> Mandate:
        """Record a fact; give what pins it."""
        seq = len(self.events) + 1
        self.events.append(Recorded(seq, f"{seq:064x}", day(seq - 1), by, fact))
        return Mandate(stream=stream_of(ORGANISATION), seq=seq, hash=f"{seq:064x}")

    def delegate(
        self,
        pin: Mandate,
        to: str,
        *,
        by: str = "p-1",
        delegable: bool = False,
        **changes: Any,  # noqa: ANN401 (any member)
    ) -> Mandate:
        """Pass a mandate on."""
        fact = MandateDelegated(
            mandate=pin,
            grantee=to,
            scope=scope(**changes),
            delegable=delegable,
            reference=None,
            reason=None,
        )
        return self.add(fact, by)

    def revoke(self, pin: Mandate, ends: datetime | None = None) -> Mandate:
        """Withdraw a mandate."""
        return self.add(MandateRevoked(mandate=pin, ends=ends, reason=None))

    @property
    def mandates(self) -> Mandates:
        """The mandates as the events make them."""
        return fold_mandates(ORGANISATION, self.events)

    def judge(self, pin: Mandate, by: str = "p-1", **changes: Any) -> Reason | None:  # noqa: ANN401 (any member)
        """Judge an act under a mandate, done on day 100 unless changed."""
        act = Act(
            seq=pin.seq,
            stream=f"{ORGANISATION}:parkzicht",
            kind="complete_items",
            actor=by,
            at=day(100),
        )
        return outside(self.mandates, act._replace(**changes))


def test_what_is_within_its_bounds_is_covered() -> None:
    """Awb art. 10:2: who, what, where and when all fit."""
    stream = Stream()
    pin = stream.add(
        grant(
            commands=("complete_items", "open_window"),
            dialogues=("parkzicht",),
            steps=("opdracht",),
            valid_from=day(50),
            valid_until=day(150),
        )
    )
    assert stream.judge(pin, steps=frozenset({"opdracht"})) is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"actor": "p-2"}, "not_grantee"),
        ({"stream": "gemeente-elders:parkzicht"}, "other_organisation"),
        ({"stream": f"{ORGANISATION}:haven"}, "dialogue"),
        ({"kind": "revisit_step"}, "command"),
        ({"steps": frozenset({"verslag"})}, "step"),
        ({"steps": frozenset({"opdracht", "verslag"})}, "step"),
        ({"steps": frozenset[str]()}, "step"),
        ({"at": day(49.99)}, "not_yet"),
        ({"at": day(50)}, None),
        ({"at": day(150) - timedelta(microseconds=1)}, None),
        ({"at": day(150)}, "no_longer"),
        ({"at": None}, None),
        ({"seq": 2}, "not_a_mandate"),
    ],
)
def test_what_is_outside_its_bounds_is_named(
    changes: dict[str, Any], reason: Reason | None
) -> None:
    """Each bound alone takes an act outside; the period is half-open."""
    stream = Stream()
    pin = stream.add(
        grant(
            commands=("complete_items",),
            dialogues=("parkzicht",),
            steps=("opdracht",),
            valid_from=day(50),
            valid_until=day(150),
        )
    )
    usual: dict[str, Any] = {"steps": frozenset({"opdracht"})}
    assert stream.judge(pin, **{**usual, **changes}) == reason


def test_a_revocation_works_from_its_recording_and_not_backwards() -> None:
    """Awb art. 10:8; an earlier ``ends`` does not undo what was done before."""
    stream = Stream()
    pin = stream.add(grant())
    stream.revoke(pin, ends=day(0.5))
    assert stream.judge(pin, at=day(0.75)) is None
    assert stream.judge(pin, at=day(1)) == "revoked"


def test_a_revocation_can_be_announced_and_the_first_to_come_counts() -> None:
    """It works from the instant it names; a later one does not prolong."""
    stream = Stream()
    pin = stream.add(grant())
    stream.revoke(pin, ends=day(60))
    stream.revoke(pin, ends=day(90))
    assert stream.judge(pin, at=day(59)) is None
    assert stream.judge(pin, at=day(60)) == "revoked"


def test_the_hash_counts_in_a_revocation_and_in_a_delegation() -> None:
    """What pins another hash pins nothing: no revocation, and no mandate either."""
    stream = Stream()
    pin = stream.add(grant())
    wrong = pin.model_copy(update={"hash": "f" * 64})
    elsewhere = pin.model_copy(update={"stream": "org:gemeente-elders"})
    stream.revoke(wrong)
    stream.revoke(elsewhere)
    assert stream.judge(pin) is None
    assert stream.judge(stream.delegate(wrong, "p-2"), "p-2") == "chain_broken"
    assert stream.judge(stream.delegate(elsewhere, "p-2"), "p-2") == "chain_broken"


def test_a_sub_mandate_needs_leave_of_the_authority() -> None:
    """Awb art. 10:9: only where it was allowed, and only by who has it."""
    stream = Stream()
    closed = stream.add(grant(delegable=False))
    assert stream.judge(stream.delegate(closed, "p-2"), "p-2") == "not_delegable"
    pin = stream.add(grant())
    stolen = stream.delegate(pin, "p-2", by="p-3")
    assert stream.judge(stolen, "p-2") == "not_delegator"
    good = stream.delegate(pin, "p-2")
    assert stream.judge(good, "p-2") is None
    assert stream.judge(stream.delegate(good, "p-3", by="p-2"), "p-3") == (
        "not_delegable"
    )


@pytest.mark.parametrize(
    "wider",
    [
        {"commands": ("revisit_step",)},
        {"dialogues": ("haven",)},
        {"steps": ()},
        {"steps": ("verslag",)},
        {"valid_until": None},
        {"valid_until": day(201)},
        {"valid_from": None},
        {"valid_from": day(0)},
        {"at_most": None},
        {"at_most": 6},
    ],
)
def test_a_sub_mandate_reaches_no_further(wider: dict[str, Any]) -> None:
    """One bound wider than the mandate it comes from, and it covers nothing."""
    bounds: dict[str, Any] = {
        "commands": ("complete_items",),
        "dialogues": ("parkzicht",),
        "steps": ("opdracht",),
        "valid_from": day(0.5),
        "valid_until": day(200),
        "at_most": 5,
    }
    stream = Stream()
    pin = stream.add(grant(**bounds))
    within = stream.delegate(pin, "p-2", **bounds)
    beyond = stream.delegate(pin, "p-2", **{**bounds, **wider})
    there: dict[str, Any] = {
        "steps": frozenset({*(wider.get("steps") or ("opdracht",))}),
        "kind": wider.get("commands", ("complete_items",))[0],
        "stream": f"{ORGANISATION}:{wider.get('dialogues', ('parkzicht',))[0]}",
    }
    usual: dict[str, Any] = {"steps": frozenset({"opdracht"})}
    assert stream.judge(within, "p-2", **usual) is None
    assert stream.judge(beyond, "p-2", **there) == "too_wide"


def test_a_sub_mandate_falls_with_the_mandate_it_comes_from() -> None:
    """From the instant it is lost; what was done before stays covered."""
    stream = Stream()
    pin = stream.add(grant())
    middle = stream.delegate(pin, "p-2", delegable=True)
    last = stream.delegate(middle, "p-3", by="p-2")
    stream.revoke(pin, ends=day(60))
    assert stream.judge(last, "p-3", at=day(59)) is None
    assert stream.judge(last, "p-3", at=day(60)) == "delegator_lost"
    assert stream.judge(stream.delegate(pin, "p-2"), "p-2", at=day(59)) is None


def test_who_lost_a_mandate_cannot_pass_it_on() -> None:
    """A delegation after the end is no delegation, whenever the act was done."""
    stream = Stream()
    pin = stream.add(grant())
    stream.revoke(pin)
    late = stream.delegate(pin, "p-2")
    assert stream.judge(late, "p-2", at=day(0.5)) == "delegator_lost"


def test_acts_beyond_the_number_are_outside_for_the_whole_chain() -> None:
    """A bound on a number counts what is done under sub-mandates too."""
    stream = Stream()
    pin = stream.add(grant(at_most=2))
    sub = stream.delegate(pin, "p-2", at_most=2)
    assert stream.judge(sub, "p-2", earlier={pin.seq: 1, sub.seq: 1}) is None
    assert stream.judge(sub, "p-2", earlier={pin.seq: 2, sub.seq: 0}) == "too_often"
    assert stream.judge(pin, earlier={pin.seq: 2}) == "too_often"


def test_a_mandate_says_what_it_is_for() -> None:
    """Silence is no scope, and a period has a length."""
    for wrong in (
        {"commands": ()},
        {"dialogues": ()},
        {"commands": ("Complete",)},
        {"valid_from": day(1), "valid_until": day(1)},
        {"at_most": 0},
    ):
        with pytest.raises(ValidationError):
            scope(**wrong)


def test_the_events_have_their_types() -> None:
    """As the stream of the organisation names them."""
    assert {*MANDATE_EVENTS} == {
        "mandate_granted",
        "mandate_delegated",
        "mandate_revoked",
    }


def some(names: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    """Some of these names, or all there ever are."""
    chosen = st.lists(st.sampled_from(names), min_size=1, unique=True).map(tuple)
    return chosen | st.just(("*",))


SCOPES = st.builds(
    Scope,
    commands=some(COMMANDS),
    dialogues=some(DIALOGUES),
    steps=st.lists(st.sampled_from(STEPS), unique=True).map(tuple),
    valid_from=st.none() | st.integers(0, 10).map(day),
    valid_until=st.none() | st.integers(11, 30).map(day),
    at_most=st.none() | st.integers(1, 3),
)


@st.composite
def streams(draw: st.DrawFn) -> Stream:
    """Any stream of grants, delegations and revocations, right or wrong."""
    stream = Stream()
    pins = [stream.add(grant(draw(st.sampled_from(PEOPLE))))]
    for _ in range(draw(st.integers(0, 12))):
        pin = draw(st.sampled_from(pins))
        match draw(st.sampled_from(("grant", "delegate", "delegate", "revoke"))):
            case "grant":
                fact = grant(
                    draw(st.sampled_from(PEOPLE)),
                    delegable=draw(st.booleans()),
                    **draw(SCOPES).model_dump(),
                )
                pins.append(stream.add(fact))
            case "delegate":
                made = stream.delegate(
                    pin,
                    draw(st.sampled_from(PEOPLE)),
                    by=draw(st.sampled_from(PEOPLE)),
                    delegable=draw(st.booleans()),
                    **draw(SCOPES).model_dump(),
                )
                pins.append(made)
            case _:
                stream.revoke(pin, draw(st.none() | st.integers(0, 30).map(day)))
    return stream


ACTS = st.builds(
    Act,
    seq=st.integers(1, 14),
    stream=st.sampled_from([f"{ORGANISATION}:{slug}" for slug in DIALOGUES]),
    kind=st.sampled_from(COMMANDS),
    actor=st.sampled_from(PEOPLE),
    at=st.integers(0, 40).map(day),
    steps=st.frozensets(st.sampled_from(STEPS)),
    earlier=st.dictionaries(st.integers(1, 14), st.integers(0, 4)),
)


@given(streams(), ACTS)
def test_what_a_mandate_covers_all_that_it_comes_from_would_cover(
    stream: Stream, act: Act
) -> None:
    """Done by each grantee up the chain, under his own mandate, it is covered too."""
    mandates = stream.mandates
    if outside(mandates, act) is not None:
        return
    for held in mandates.chain(act.seq):
        own = act._replace(seq=held.seq, actor=held.grantee)
        assert outside(mandates, own) is None


@given(streams(), ACTS, st.integers(1, 14))
def test_a_revocation_only_takes_away(stream: Stream, act: Act, seq: int) -> None:
    """It makes no act covered that was not, and harms none that was done before it."""
    before = outside(stream.mandates, act)
    pin = Mandate(stream=stream_of(ORGANISATION), seq=seq, hash=f"{seq:064x}")
    stream.revoke(pin)
    now = stream.events[-1].at
    after = outside(stream.mandates, act)
    if before is not None:
        assert after is not None
    elif act.at is not None and act.at < now:
        assert after is None
    elif any(held.seq == seq for held in stream.mandates.chain(act.seq)):
        assert after in {"revoked", "delegator_lost"}


@given(streams(), ACTS)
def test_whoever_acts_without_being_named_is_outside(stream: Stream, act: Act) -> None:
    """No stream of events covers somebody to whom nothing was given."""
    assert outside(stream.mandates, act._replace(actor="stranger")) is not None


@given(SCOPES, SCOPES, ACTS)
def test_a_scope_that_holds_another_covers_what_that_covers(
    wide: Scope, narrow: Scope, act: Act
) -> None:
    """`holds` is no matter of names: it is what decides on acts."""
    stream = Stream()
    outer = stream.add(grant(act.actor, **wide.model_dump()))
    inner = stream.add(grant(act.actor, **narrow.model_dump()))
    under_inner = outside(stream.mandates, act._replace(seq=inner.seq, earlier={}))
    if wide.holds(narrow) and under_inner is None:
        under_outer = act._replace(seq=outer.seq, earlier={})
        assert outside(stream.mandates, under_outer) is None
    assert wide.holds(wide)
