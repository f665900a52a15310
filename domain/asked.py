"""Of whom a dialogue asks what: nobody is asked for what would be refused them.

Whoever steers sees all of it. Others see what they may do themselves, in a role that
they hold, and whoever is silent in a window sees that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import chain
from typing import Final, NamedTuple

from domain.advice import Advice, choices, chosen
from domain.allowed import Allowed, anybody, command_of, role_for
from domain.asks import Ask, asks_nothing, lasting, made_of, passing, to_go_on
from domain.rights import acting_role, entitled
from domain.sameness import once_for
from domain.state import Dialogue

ANYBODY: Final = ""
"""Stands for a reader who is nobody in particular, and so sees everything."""

_STEERING: Final = Advice("pause_dialogue", {"reason": ""})
"""What only those may do who run the process: they see what is no command as well."""

_RESPOND: Final = "respond"

_WATCHING: Final = frozenset({"remind_agreement", "settle_agreement"})
"""What may be done in a role that has no right to it, by who watches an agreement."""


class Waiting(NamedTuple):
    """That an ask waits for somebody.

    ``role`` is the one to act in, where it is not their usual one. Who is ``outside``
    holds no role in the dialogue: they are silent, and have no work list.
    """

    role: str | None = None
    place: int = 0
    outside: bool = False


_AS_USUAL: Final = Waiting()


class Asked(NamedTuple):
    """What a dialogue asks, by kind and id; and of whom: by actor, kind and id."""

    asks: Mapping[tuple[str, str], Ask]
    of: Mapping[tuple[str, str, str], Waiting]


_NOTHING: Final = Asked({}, {})


def asked(state: Dialogue) -> Asked:
    """Give all that a dialogue asks, now or in time, and of whom."""
    lasts, passes = apart(state)
    return Asked({**passes.asks, **lasts.asks}, {**passes.of, **lasts.of})


def apart(state: Dialogue) -> tuple[Asked, Asked]:
    """Give what agreements ask, and all else.

    The first is the same object for as long as it is made of the same things.
    """
    over = asks_nothing(state)
    lasts = _NOTHING if over else _lasting(state)
    return lasts, _passing(state, over=over)


@once_for(lambda state: (*made_of(state), state.roles))
def _lasting(state: Dialogue) -> Asked:
    found = lasting(state)
    rights = _Rights(state)
    of = {(ANYBODY, ask.kind, ask.id): _AS_USUAL for ask in found}
    for held, people in _seats(state).items():
        seat = _Seat(rights, held, people[0])
        of.update(_waiting(people, seat.sees(found)))
    return Asked({(ask.kind, ask.id): ask for ask in found}, of)


@once_for(made_of)
def _said(state: Dialogue) -> frozenset[Advice | None]:
    """Give what agreements already advise."""
    return frozenset(ask.advice for ask in lasting(state))


def _passing(state: Dialogue, *, over: bool) -> Asked:
    found = [] if over else list(passing(state))
    said = frozenset[Advice | None]() if over else _said(state)
    acts = _Acts(state, said.union(ask.advice for ask in found))
    of = {(ANYBODY, a.kind, a.id): _AS_USUAL for a in found if a.kind != _RESPOND}
    if (first := acts.first(anybody)) is not None:
        of[ANYBODY, "go_on", first] = _AS_USUAL
    inside: set[str] = set()
    rights = _Rights(state)
    for held, people in _seats(state).items():
        seat = _Seat(rights, held, people[0])
        inside.update(people if seat.may_respond() else ())
        of.update(_waiting(people, seat.sees(found), seat.goes_on(acts)))
    for ask in found:
        if ask.kind == _RESPOND:
            of.update(_silent(state, ask, inside))
    every = (*found, *acts.named())
    return Asked({(ask.kind, ask.id): ask for ask in every}, of)


def _waiting(
    people: Iterable[str], *seen: Iterable[tuple[str, str, str | None]]
) -> Iterator[tuple[tuple[str, str, str], Waiting]]:
    """Give that what is seen from a seat waits for all who have it."""
    for kind, name, role in chain(*seen):
        waits = _AS_USUAL if role is None else Waiting(role)
        for who in people:
            yield (who, kind, name), waits


def _seats(state: Dialogue) -> dict[tuple[str, ...], list[str]]:
    """Give who holds roles, by those that the method has: in a fixed order."""
    held: dict[str, list[str]] = {}
    for who in (who for people in state.roles.values() for who in people):
        held.setdefault(who, [])
    for role in state.plan.roles:
        for who in state.holders(role.id):
            held[who].append(role.id)
    seats: dict[tuple[str, ...], list[str]] = {}
    for who, roles in held.items():
        seats.setdefault(tuple(roles), []).append(who)
    return dict(sorted(seats.items()))


def _silent(
    state: Dialogue, ask: Ask, inside: AbstractSet[str]
) -> Iterator[tuple[tuple[str, str, str], Waiting]]:
    run = state.run(ask.id)
    places = {who: place for place, who in enumerate(run.invited if run else ())}
    for who in run.silent if run else ():
        outside = who not in inside
        yield (who, ask.kind, ask.id), Waiting(None, places[who], outside)


class _Acts:
    """How a dialogue can be gone on with: the acts that somebody would do first."""

    def __init__(self, state: Dialogue, said: AbstractSet[Advice | None]) -> None:
        self._state = state
        self._said = said
        self._choices = () if state.ended else tuple(choices(state))
        self._numbers: dict[Advice, int] = {}

    def first(self, allowed: Allowed) -> str | None:
        """Give the id of the first act that is allowed and that nothing asks yet."""
        for choice in self._choices:
            act = chosen(choice, allowed)
            if act not in self._said and allowed(act):
                return str(self._numbers.setdefault(act, len(self._numbers)))
        return None

    def act(self, name: str) -> Advice:
        """Give the act with this id."""
        return tuple(self._numbers)[int(name)]

    def named(self) -> Iterator[Ask]:
        """Give all that were somebody's first."""
        for act, number in self._numbers.items():
            yield to_go_on(self._state, act, number)


class _Seat:
    """What those see who hold the same roles; ``reader`` is one of them."""

    def __init__(self, rights: _Rights, held: tuple[str, ...], reader: str) -> None:
        self._rights = rights
        self._reader = reader
        # The one in which they act when they name none goes first.
        self._roles = sorted(held, key=lambda role: role not in rights.steering)
        self._steers = not rights.steering.isdisjoint(held)
        self._acts = not held or not rights.acting.isdisjoint(held)

    def may_respond(self) -> bool:
        """Whether they may answer for themselves."""
        answer = Advice("record_response", {"respondent": self._reader})
        return bool(self._roles) or self._allows(answer)

    def sees(self, found: Iterable[Ask]) -> Iterator[tuple[str, str, str | None]]:
        """Give kind, id and role of what they see."""
        for ask in found:
            if ask.kind != _RESPOND and self._allows(ask.advice or _STEERING):
                yield ask.kind, ask.id, self._named(ask.advice)

    def goes_on(self, acts: _Acts) -> Iterator[tuple[str, str, str | None]]:
        """Give the same of how they can go on: one act or none."""
        first = acts.first(self._allows) if self._acts else None
        if first is not None:
            yield "go_on", first, self._named(acts.act(first))

    def _allows(self, advice: Advice) -> bool:
        # For those who only respond no act need be weighed.
        if self._steers:
            return True
        if not self._acts and advice.kind not in _WATCHING:
            return False
        return self._role_for(advice) is not None

    def _role_for(self, advice: Advice) -> str | None:
        if not self._roles:  # they hold a role that the method no longer has
            return role_for(self._rights.state, advice, self._reader)
        may = self._rights.to(advice)
        return next((role for role in self._roles if role in may), None)

    def _named(self, advice: Advice | None) -> str | None:
        if self._steers or advice is None:
            return None
        role = self._role_for(advice)
        usual = self._roles[0] if self._roles else self._rights.usual(self._reader)
        return None if role == usual else role


class _Rights:
    """Which roles may follow what advice, each piece weighed once."""

    def __init__(self, state: Dialogue) -> None:
        self.state = state
        of = [(role.id, role.may) for role in state.plan.roles]
        self.steering = frozenset(role for role, may in of if "steer" in may)
        self.acting = frozenset(role for role, may in of if {*may} - {"respond"})
        self._known: dict[Advice, frozenset[str]] = {}

    def to(self, advice: Advice) -> frozenset[str]:
        """Give the roles of which a holder may follow advice."""
        if advice not in self._known:
            self._known[advice] = entitled(self.state, command_of(advice))
        return self._known[advice]

    def usual(self, reader: str) -> str:
        """Give the role in which somebody acts who names none."""
        return acting_role(self.state.plan, self.state.roles, reader)
