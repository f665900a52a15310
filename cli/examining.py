"""What `polder doctor` looks at: the machine, the home, and every server in use."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final, NamedTuple

from cli.settings import Call
from cli.speech import _, lang
from desk.errors import DeskError
from desk.saying import said
from desk.upkeep import schema_status, temporal, workers

_ROOM: Final = 1_000_000_000
"""Bytes that a home should have free."""


class Check(NamedTuple):
    """One thing that was looked at; ``well`` is None where it only informs."""

    name: str
    well: bool | None
    detail: str


async def examine(call: Call) -> list[Check]:
    """Look at everything; a server that fails hides no other."""
    return [check async for check in _checks(call)]


async def _checks(call: Call) -> AsyncIterator[Check]:
    python = ".".join(map(str, sys.version_info[:3]))
    yield Check("Python", sys.version_info >= (3, 11), python)
    free = shutil.disk_usage(_existing(call.home.path)).free
    room = _("{n} GB free").format(n=round(free / 1e9, 1))
    yield Check(_("Disk"), free > _ROOM, room)
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    account = _("root: PostgreSQL runs under another account") if root else _("a user")
    yield Check(_("Account"), None, account)
    runs = call.home.running() is not None
    state = _("polder up runs") if runs else _("polder up does not run here")
    yield Check(_("Home"), None, f"{call.home.path}: {state}")
    for check in left_behind():
        yield check
    yield _desk_key(call)
    record = await _database(call)
    yield record
    if record.well:
        for check in await _subscriptions(call):
            yield check
    asks = False
    for check in await _temporal(call):
        asks = bool(check.well)
        yield check
    if asks and call.addresses.database is not None:
        yield await _health(call)


async def _health(call: Call) -> Check:
    """Send a command the whole way, and see whether the log keeps up."""
    from desk.health import Health

    name = _("Health")
    try:
        async with call.desk() as desk:
            report = await Health(desk.pool, desk.client).report()
    except DeskError as error:
        return Check(name, well=False, detail=said(error, lang()))
    if not report.troubles:
        detail = _("a command goes to the record and back")
        return Check(name, well=True, detail=detail)
    reasons = ", ".join(f"{part}: {reason}" for part, reason in report.troubles)
    slow = all(reason == "slow" for _part, reason in report.troubles)
    return Check(name, None if slow else False, f"{report.status} ({reasons})")


def _desk_key(call: Call) -> Check:
    """Tell with which key commands are signed here."""
    from desk.signs import found

    told = call.environment.get
    name = _("Desk's key")
    signs = found(told("POLDER_DESK_KEY"), call.desk_key)
    if signs is None:
        detail = _("none: commands go unsigned; polder up makes one")
        return Check(name, None, detail)
    try:
        key = signs.key.id
    except DeskError as error:
        return Check(name, well=False, detail=said(error, lang()))
    more = _("{key}; what is taken without one: polder organisation keys")
    return Check(name, well=True, detail=more.format(key=key))


def left_behind() -> list[Check]:
    """List what homes that are gone have left elsewhere, and how to remove it."""
    text = _(
        "the home {home} is gone, and its record and private texts are still in "
        "{place}; to remove them: {command}"
    )
    return [
        Check(
            _("Left behind"),
            None,
            text.format(
                home=home, place=place, command=shlex.join(["rm", "-r", place])
            ),
        )
        for place, home in _left_behind()
    ]


def _left_behind() -> list[tuple[str, str]]:
    from servers import ground

    return [(str(place), str(home)) for place, home in ground.left_behind().items()]


def _existing(path: Path) -> Path:
    while not path.exists():
        path = path.parent
    return path


async def _database(call: Call) -> Check:
    name = _("The record")
    url = call.addresses.database
    if url is None:
        return Check(name, None, _("no address; polder up brings one along"))
    try:
        now = await schema_status(url, call.addresses.keys)
    except DeskError as error:
        return Check(name, well=False, detail=said(error, lang()))
    if now.missing:
        missing = ", ".join(now.missing)
        text = _("lacks {missing}: run polder db migrate").format(missing=missing)
        return Check(name, well=False, detail=text)
    return Check(name, well=True, detail=_("answers, with the newest schema"))


async def _subscriptions(call: Call) -> list[Check]:
    """Tell whose events do not arrive; what was put out by hand is as it should be."""
    from cli.showing_subscriptions import in_trouble
    from desk.undelivered import by_hand, helps, undelivered

    name = _("Subscriptions")
    try:
        async with call.desk() as desk:
            found = await undelivered(desk)
    except DeskError as error:
        return [Check(name, well=False, detail=said(error, lang()))]
    if not found:
        return [Check(name, well=True, detail=_("none is in trouble"))]
    return [
        Check(
            name,
            None if by_hand(each) else False,
            f"{in_trouble(each)}: {helps(each)}",
        )
        for each in found
    ]


async def _temporal(call: Call) -> list[Check]:
    found = call.addresses
    if found.temporal is None:
        return [Check("Temporal", None, _("no address; polder up brings one along"))]
    try:
        client = await temporal(found.temporal, found.namespace)
        asking = await workers(client)
    except DeskError as error:
        return [Check("Temporal", well=False, detail=said(error, lang()))]
    detail = _("asking for work: {n}").format(n=len(asking))
    return [
        Check("Temporal", well=True, detail=found.temporal),
        Check(_("Workers"), bool(asking), detail),
    ]
