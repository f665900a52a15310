"""What somebody does with a subscription: each button of its page, and what it does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from api.security import Visit
from desk import subscribing
from desk.subscribing import Subscription
from language import mark
from pages.acting import Outcome, unfit
from pages.doing import NO_ACT
from pages.said import says
from pages.typing_in import Form, number_in

_TESTED: Final = says(
    "subscription-tested",
    mark("A test is sent. Below you see what the receiver answers, in a moment."),
)
_AGAIN: Final = says("subscription-again", mark("That is sent once more, in order."))
_ENABLED: Final = says(
    "subscription-enabled", mark("It goes on where it stopped, after a handshake.")
)
_DISABLED: Final = says(
    "subscription-disabled",
    mark("Nothing is sent until it is enabled; nothing is lost."),
)
_DELETED: Final = says("subscription-deleted", mark("The subscription is gone."))
_NO_PLACE: Final = mark("Say from which day, or from which place in the log.")
_NOT_SURE: Final = mark("Tick that you want to take it away.")


class Done(NamedTuple):
    """What was done: what is said of it, and what was made."""

    said: str
    made: Any = None
    gone: bool = False


def lacking(visit: Visit, form: Form) -> Outcome | None:
    """Say what a form lacks; None for one that is whole."""
    asked = form["act"]
    if asked not in _ACTS:
        return unfit(visit, NO_ACT, "main")
    begins = _moment(form["since"]), number_in(form["leaf"].strip())
    if asked == "replay" and begins == (None, None):
        return unfit(visit, _NO_PLACE, "since")
    if asked == "delete" and form["sure"] != "yes":
        return unfit(visit, _NOT_SURE, "sure")
    return None


async def did(visit: Visit, found: Subscription, form: Form) -> Done:
    """Do what a whole form asks for. Raises `DeskError`."""
    return await _ACTS[form["act"]](visit, found, form)


async def _test(visit: Visit, found: Subscription, form: Form) -> Done:
    del form
    return Done(_TESTED, await subscribing.test(visit.desk, found, visit.sender()))


async def _replay(visit: Visit, found: Subscription, form: Form) -> Done:
    await subscribing.replay(
        visit.desk,
        found,
        visit.sender(),
        leaf=number_in(form["leaf"].strip()),
        since=_moment(form["since"]),
    )
    return Done(_AGAIN)


async def _dead(visit: Visit, found: Subscription, form: Form) -> Done:
    del form
    await subscribing.replay_dead(visit.desk, found, visit.sender())
    return Done(_AGAIN)


async def _repeat(visit: Visit, found: Subscription, form: Form) -> Done:
    attempt = number_in(form["attempt"]) or 0
    await subscribing.repeat(visit.desk, found, attempt, visit.sender())
    return Done(_AGAIN)


async def _rotate(visit: Visit, found: Subscription, form: Form) -> Done:
    made = await subscribing.rotate(visit.desk, found, visit.sender(), command=form.id)
    return Done("", made)


async def _enable(visit: Visit, found: Subscription, form: Form) -> Done:
    del form
    return Done(_ENABLED, await subscribing.enable(visit.desk, found, visit.sender()))


async def _disable(visit: Visit, found: Subscription, form: Form) -> Done:
    del form
    return Done(_DISABLED, await subscribing.disable(visit.desk, found, visit.sender()))


async def _delete(visit: Visit, found: Subscription, form: Form) -> Done:
    del form
    await subscribing.delete(visit.desk, found, visit.sender())
    return Done(_DELETED, gone=True)


_ACTS: Final[Mapping[str, Callable[[Visit, Subscription, Form], Awaitable[Done]]]] = {
    "test": _test,
    "replay": _replay,
    "dead": _dead,
    "repeat": _repeat,
    "rotate": _rotate,
    "enable": _enable,
    "disable": _disable,
    "delete": _delete,
}


def _moment(told: str) -> datetime | None:
    """Read a day, as it begins where the house is."""
    try:
        return datetime.fromisoformat(told.strip()).astimezone()
    except ValueError:
        return None
