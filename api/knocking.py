"""Who asks too much at a time waits; who is denied is noted."""

from __future__ import annotations

from typing import Final

from fastapi import Request

from api.problems import Problem, template_of
from api.proxies import address_of
from api.service import Service
from api.settings import Settings
from desk.access.caller import Caller, knows
from desk.access.denials import Denial, Denials, network_of
from desk.access.limits import Limit, Limits
from language import mark

TOO_MANY: Final = mark("This is too much at a time: wait {seconds} s.")
_UNKNOWN: Final = Limit(rate=5, burst=60)
"""For a network from which nobody came in: guesses are slow, and slips are free."""

_OF_ORGANISATION: Final = 5
"""An organisation has room for so many callers at full speed."""

_OF_DIALOGUE: Final = 3
"""And a dialogue for so many who write to it: one of them keeps nobody else out.

For as many of those who only respond there is room of their own, in an organisation
and in a dialogue: whatever they do, those who work there go on.
"""

_GUEST: Final = frozenset({"respond"})


class Gate:
    """The limits and the log of denials of one app."""

    def __init__(self, settings: Settings, denials: Denials) -> None:
        """Begin with every bucket full."""
        self.denials = denials
        self._proxies = settings.proxies
        self._limits = Limits()
        self._limit = Limit(settings.limit_rate, settings.limit_burst)

    def admit(self, request: Request, caller: Caller) -> None:
        """Raise the problem 429 where a caller asks too much at a time."""
        guest = caller.scopes == _GUEST
        house = f"guests of {caller.organisation}" if guest else caller.organisation
        wanted = [
            (f"caller {whose(caller)}", self._limit),
            (f"house {house}", self._limit.times(_OF_ORGANISATION)),
        ]
        stream = request.path_params.get("dialogue") or _own(caller)
        # Of a dialogue that is not theirs to know they use nothing up, and see in how
        # much is left not that others write to it.
        if stream and (guest or request.method == "POST") and knows(caller, stream):
            wanted.append(self._written(stream, guest=guest))
        _wait(self._limits.wait(wanted))

    def write(self, request: Request, caller: Caller, stream: str) -> None:
        """Raise the problem 429 where too much is written to a dialogue at a time.

        For what names its dialogue in what is sent, and not in its address.
        """
        if (request.path_params.get("dialogue") or _own(caller)) == stream:
            return
        guest = caller.scopes == _GUEST
        _wait(self._limits.wait([self._written(stream, guest=guest)]))

    def _written(self, stream: str, *, guest: bool) -> tuple[str, Limit]:
        name = "guests of dialogue" if guest else "dialogue"
        return f"{name} {stream}", self._limit.times(_OF_DIALOGUE)

    def knock(self, request: Request) -> None:
        """Raise the problem 429 where a network knocks too often in vain."""
        network = self.network(request)
        limit = _UNKNOWN if self._limit.rate > 0 else self._limit
        _wait(self._limits.wait([(f"network {network}", limit)]))

    def network(self, request: Request) -> str | None:
        """Give the network that a request came from, too wide to tell who it is."""
        return network_of(address_of(request, self._proxies))


def whose(caller: Caller) -> str:
    """Name a caller: by their token, or by whom a link was for."""
    return caller.id or f"{caller.organisation}:{caller.dialogue}/{caller.actor}"


def _own(caller: Caller) -> str | None:
    """Give the one dialogue that a caller is in, where it is one."""
    return caller.dialogue and f"{caller.organisation}:{caller.dialogue}"


def gate_of(service: Service) -> Gate:
    """Give the gate of an app; it is made with the first who comes."""
    found = service.open.get("gate")
    if not isinstance(found, Gate):
        found = Gate(service.settings, Denials(service.desk.pool))
        service.open["gate"] = found
    return found


def slow_down(request: Request, service: Service) -> None:
    """Raise the problem 429 for who comes to a public door too often."""
    request.state.knocked = True
    gate_of(service).knock(request)


def knocked(request: Request) -> bool:
    """Whether this request was counted as one at a public door."""
    return getattr(request.state, "knocked", False) is True


async def note_denial(
    request: Request, service: Service, why: str, caller: Caller | None = None
) -> None:
    """Note that somebody was denied: by whom no more is told than `Denial` has."""
    method = request.method if request.method.isalpha() else "OTHER"
    gate = gate_of(service)
    await gate.denials.note(
        Denial(
            method=method[:10].upper(),
            route=template_of(request.scope)[:200],
            why=why,
            token=caller.id if caller else None,
            organisation=caller.organisation if caller else None,
            network=gate.network(request),
        )
    )


def _wait(seconds: int) -> None:
    if seconds:
        raise Problem(
            429,
            "TooManyRequests",
            TOO_MANY,
            headers={"Retry-After": str(seconds)},
            seconds=seconds,
        )
