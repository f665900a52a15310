"""Acting on a dialogue of a Polder elsewhere: what is typed is what is typed here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cli.acting import body_of, fields_of
from cli.acts import ACTS
from cli.directing import sent_body, started_with
from cli.page import Result
from cli.remote import Run, not_over_http, role_of
from cli.remote_reading import past_of, view_of
from cli.settings import Call, Usage
from cli.speech import _

if TYPE_CHECKING:
    import polder_client
    from cli.act import Act
    from polder_client import AsyncPolder

_BY_NAME = {act.name: act for act in ACTS}


def run_of(name: str) -> Run | None:
    """Give what carries out a short form of a command; None where it is none."""
    act = _BY_NAME.get(name)
    return None if act is None else _runner(act)


def _runner(act: Act) -> Run:
    async def run(
        call: Call,
        *,
        stream: str,
        as_: str | None,
        command_id: str | None,
        if_version: int | None,
        under: str | None,
        dry_run: bool = False,
        sheet: str | None = None,
        **given: Any,  # noqa: ANN401
    ) -> Result:
        role = role_of(as_)
        not_over_http(mandate=under, dry_run=dry_run, sheet=sheet)
        fields = fields_of(act, given, asking=True)
        if act.kind == "record_response" and "respondent" not in fields:
            raise Usage(_("Say whose response it is, with --respondent or --sheet."))
        async with call.polder() as polder:
            view = await view_of(polder, stream)
            body = await body_of(view.state, act.kind, fields)
            answer = await polder.send(
                stream,
                act.kind,
                body,
                id=command_id,
                role=role,
                if_version=if_version,
            )
            return await _answered(polder, stream, answer)

    return run


async def start(  # noqa: PLR0913  (as the command of one's own home)
    call: Call,
    stream: str,
    *,
    method: str,
    title: str,
    question: str | None,
    zone: str,
    calendar: str,
    language: str,
    role: list[str] | None,
    deadline: list[str] | None,
    as_: str | None,
    command_id: str | None,
    under: str | None,
) -> Result:
    """Start a dialogue."""
    in_role = role_of(as_)
    not_over_http(mandate=under)
    body = started_with(
        method,
        title=title,
        question=question,
        zone=zone,
        calendar=calendar,
        language=language,
        role=role,
        deadline=deadline,
    )
    async with call.polder() as polder:
        answer = await polder.start(stream, **body, id=command_id, role=in_role)
        return await _answered(polder, stream, answer)


async def send(
    call: Call,
    stream: str,
    kind: str,
    body: str,
    *,
    as_: str | None,
    command_id: str | None,
    if_version: int | None,
    under: str | None,
) -> Result:
    """Send a command as it is."""
    role = role_of(as_)
    not_over_http(mandate=under)
    name, told = kind.replace("-", "_"), sent_body(body)
    async with call.polder() as polder:
        answer = await polder.send(
            stream, name, told, id=command_id, role=role, if_version=if_version
        )
        return await _answered(polder, stream, answer)


async def _answered(
    polder: AsyncPolder, stream: str, told: polder_client.Answer
) -> Result:
    """Tell an answer as one's own dialogues do."""
    from cli.answering import before, told_of
    from desk.answer import Answer

    events = _events(told)
    answer = Answer(told.version, told.recorded, events, told.repeated)
    view = await view_of(polder, stream)
    first = before(answer)
    past = [] if first is None else await past_of(polder, stream, first)
    return told_of(view, past, told.id, answer)


def _events(told: polder_client.Answer) -> list[dict[str, Any]]:
    facts: Sequence[Mapping[str, Any]] = [fact.model_dump() for fact in told.events]
    return [dict(fact) for fact in facts]
