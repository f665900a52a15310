"""Reading from a Polder elsewhere, with the answers that one's own gives."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cli.page import Page, Result, write_json
from cli.remote import not_over_http, role_of
from cli.settings import Call
from cli.speech import lang

if TYPE_CHECKING:
    from typing import Any

    from desk.history import Past
    from desk.overview import Overview
    from polder_client import AsyncPolder, Happened

_SEALED_WITHIN: Final = 3.0
"""Seconds in which what is on record comes among the events; as a rule it is 0.1."""


async def view_of(polder: AsyncPolder, stream: str) -> Overview:
    """Look at a dialogue as it is now."""
    from desk.from_elsewhere import looked_at

    found = await polder.state(stream)
    return looked_at(stream, found["state"], lang())


async def past_of(polder: AsyncPolder, stream: str, after: int = 0) -> list[Past]:
    """Give every event after ``after``, up to the version of now."""
    last = (await polder.dialogue(stream)).version
    until = time.monotonic() + _SEALED_WITHIN
    found: list[Past] = []
    while True:
        found = [_past(e) async for e in polder.events(stream) if e.seq > after]
        if not found or found[-1].seq >= last or time.monotonic() > until:
            return found
        await asyncio.sleep(0.1)


def _past(event: Happened) -> Past:
    from desk.history import Past

    return Past(event.seq, event.hash, event.event)


async def today(
    call: Call,
    *,
    as_: str | None,
    organisation: str | None,
    kind: list[str] | None,
    limit: int,
    after: str | None,
) -> Result:
    """List what needs whom the token is of."""
    from cli.today import Beside, told_today
    from desk.from_elsewhere import request_from, subscription_from, today_from

    role_of(as_)
    async with call.polder() as polder:
        found = await polder.tasks(kinds=kind or (), limit=limit, after=after)
        zones = {each.id: each.zone async for each in polder.dialogues()}
    tasks = [each for each in found.items if _of(each, organisation)]
    asked = (None, organisation, kind or [], limit)
    page = today_from(tasks, found.counts, found.after, zones)
    silent = [
        subscription_from(each.members)
        for each in found.subscriptions
        if organisation in {None, each.organisation}
    ]
    waits = [request_from(each) for each in found.requests]
    beside = Beside(
        silent, [one for one in waits if organisation in {None, one.organisation}]
    )
    return told_today(page, *asked, beside)


def _of(task: Mapping[str, Any], organisation: str | None) -> bool:
    return organisation in {None, str(task["dialogue"]).partition(":")[0]}


async def list_dialogues(
    call: Call,
    *,
    organisation: str | None,
    status: str | None,
    method: str | None,
    attention: bool,
    as_: str | None,
) -> Result:
    """List dialogues."""
    from cli.showing import show_list
    from desk.from_elsewhere import summary_from
    from desk.listing import summary

    role_of(as_)
    async with call.polder() as polder:
        found = polder.dialogues(
            status=status, method=method, attention=attention or None
        )
        rows = [
            summary_from(each.members)
            async for each in found
            if organisation in {None, each.organisation}
        ]
    told = [summary(row) for row in rows]
    return Result({"dialogues": told}, lambda page: show_list(page, rows))


async def show(call: Call, stream: str, *, all_steps: bool) -> Result:
    """Show a dialogue."""
    from cli.showing import show_overview

    async with call.polder() as polder:
        view = await view_of(polder, stream)
    return Result(
        view.state.model_dump(mode="json", exclude={"handled"}),
        lambda page: show_overview(
            page, view._replace(next=view.next_for(None)), every=all_steps
        ),
    )


async def history(call: Call, stream: str, *, private: bool, as_: str | None) -> Result:
    """Tell the history of a dialogue, without private texts."""
    from cli.recounting import Known, show_history
    from desk.erased import erased_in

    role_of(as_)
    not_over_http(private=private)
    async with call.polder() as polder:
        past = await past_of(polder, stream)
        view = await view_of(polder, stream)
    known = Known(erased=erased_in(past))
    return Result(
        {"events": [event.members for event in past]},
        lambda page: show_history(page, view, past, known),
    )


async def watch(call: Call, stream: str, *, seconds: float | None) -> int:
    """Tell events as they come; with --json one document on each line."""
    from contextlib import suppress

    async with call.polder() as polder:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await _follow(polder, stream, as_json=call.json)
    return 0


async def _follow(polder: AsyncPolder, stream: str, *, as_json: bool) -> None:
    from cli.recounting import show_event

    page = Page()
    before: Past | None = None
    async for happened in polder.follow(stream):
        event = _past(happened)
        if as_json:
            write_json(event.members)
        else:
            show_event(page, await view_of(polder, stream), event, before)
            page.out.flush()
        before = event
        if happened.type == "dialogue_archived":
            return


async def preview(call: Call, stream: str, step: str) -> Result:
    """Show what a revisit would do."""
    from cli.recounting import show_preview
    from desk.names import full_step

    async with call.polder() as polder:
        view = await view_of(polder, stream)
        found = await polder.preview_revisit(stream, full_step(view.state.plan, step))
    return Result(found, lambda page: show_preview(page, view, found))


async def list_methods(call: Call) -> Result:
    """List the methods that are there."""
    from cli.method import show_methods

    async with call.polder() as polder:
        rows = [each async for each in polder.methods()]
    return Result({"methods": rows}, lambda page: show_methods(page, rows))


async def show_method(call: Call, method: str) -> Result:
    """Show one method, compiled."""
    from cli.method import show_one
    from desk.from_elsewhere import method_from

    async with call.polder() as polder:
        found = method_from(await polder.method(method))
    return Result(
        found.method.model_dump(mode="json"), lambda page: show_one(page, found)
    )


async def checkpoint(call: Call, *, out: Path | None, publish: bool) -> Result:
    """Give the newest signed checkpoint."""
    from cli.audit_pack import show_point, write
    from desk.from_elsewhere import checkpoint_from

    not_over_http(publish=publish)
    async with call.polder() as polder:
        found = await polder.checkpoint()
    point = checkpoint_from(found.members)
    if out is not None:
        write(out, point.note)
    return Result(point.document, lambda page: show_point(page, point, out))


async def pack(
    call: Call,
    stream: str,
    out: Path,
    *,
    withhold: list[str] | None,
    redacted: bool,
    witnesses: int,
    as_: str | None,
) -> Result:
    """Take an evidence pack home."""
    from cli.audit_pack import show_pack, write
    from desk.from_elsewhere import pack_from

    role_of(as_)
    not_over_http(witnesses=witnesses)
    hidden = [*(withhold or ()), *(("all",) if redacted else ())]
    async with call.polder() as polder:
        made = pack_from(await polder.pack(stream, hidden))
    write(out, made.content)
    data = {**made.document, "file": str(out)}
    return Result(data, lambda page: show_pack(page, made, out))
