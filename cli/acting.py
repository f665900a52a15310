"""The short forms as commands: one function made for each row of the table."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple

import typer

from cli.act import Act
from cli.acts import ACTS
from cli.acts_plans import PREVIEWED
from cli.frame import COMMANDS, Spec
from cli.options import As, CommandId, DryRun, IfVersion, Stream, Under
from cli.page import Result
from cli.responses_in import Sheet, brought_in, check
from cli.settings import Call, Usage, sender
from cli.shaping import shaped
from cli.speech import _
from cli.words import Word

if TYPE_CHECKING:
    from desk.desk import Desk, Sender
    from desk.sending import Answer

_DURATION: Final = ("working_days", "calendar_days", "until")
_RESPONSE: Final = "record_response"
_TYPES: Final = {"number": int, "flag": bool}


def _parameters(act: Act) -> tuple[inspect.Parameter, ...]:
    keyword = inspect.Parameter.KEYWORD_ONLY
    words = [_parameter(act.kind, word) for word in act.takes]
    more: dict[str, tuple[Any, Any]] = {
        "as_": (As, None),
        "command_id": (CommandId, None),
        "if_version": (IfVersion, None),
        "under": (Under, None),
    }
    if act.kind == _RESPONSE:
        more["sheet"] = (Sheet, None)
    if act.kind in {*PREVIEWED, _RESPONSE}:
        more["dry_run"] = (DryRun, False)
    return (
        inspect.Parameter("stream", keyword, annotation=Stream),
        *words,
        *(
            inspect.Parameter(name, keyword, default=default, annotation=kind)
            for name, (kind, default) in more.items()
        ),
    )


def _parameter(of: str, word: Word) -> inspect.Parameter:
    kind: Any = _TYPES.get(word.kind, str)
    # A missing reason is asked for on a terminal, and a sheet says of each row whose
    # it is, so typer lets both pass.
    lenient = word.field == "reason" or (of, word.field) == (_RESPONSE, "respondent")
    needed = word.required and not lenient
    if not needed and not word.many:
        kind = kind | None
    if word.many:
        kind = list[str]
    shown = word.field.upper().replace("_", "-")
    info = (
        typer.Option(word.option, metavar=shown, help=word.help)
        if word.option
        else typer.Argument(metavar=shown, help=word.help)
    )
    default: Any = inspect.Parameter.empty if needed else ([] if word.many else None)
    return inspect.Parameter(
        f"field_{word.field}",
        inspect.Parameter.KEYWORD_ONLY,
        default=default,
        annotation=Annotated[kind, info],
    )


def _runner(act: Act) -> Any:  # noqa: ANN401
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
        fields = fields_of(act, given, asking=not dry_run)
        who = sender(as_)
        if act.kind == _RESPONSE:
            check(fields, sheet, dry=dry_run)
            if sheet is not None:
                return await brought_in(call, stream, sheet, fields, who, dry=dry_run)
        async with call.desk("temporal") as desk:
            from cli.answering import answered
            from cli.under import pinned
            from desk.desk import fresh_id

            body = await body_of(await desk.dialogue(stream), act.kind, fields)
            if dry_run:
                from cli.plan_previews import previewed

                return await previewed(desk, stream, act.kind, body)
            sent = _Sent(body, who, command_id or fresh_id(), if_version)
            pin = await pinned(desk, under, (stream, act.kind, body), who)
            answer = await _send(desk, stream, act.kind, sent, pin)
            return await answered(desk, stream, sent.name, answer, as_)

    return run


def fields_of(act: Act, given: Mapping[str, Any], *, asking: bool) -> dict[str, Any]:
    """Give what was typed, and ask for a reason that is missing. Raises `Usage`."""
    fields = {
        name.removeprefix("field_"): value
        for name, value in given.items()
        if value not in (None, [], ())
    }
    fields = shaped(act.kind, _with_duration(fields))
    for word in act.takes if asking else ():
        if word.field == "reason" and word.required and "reason" not in fields:
            fields["reason"] = ask(_("Why? (kept private)"))
    if act.kind == "complete_items" and not fields.keys() & {"items", "step"}:
        raise Usage(_("Name items, or with --step a step that has open items."))
    return fields


async def body_of(
    state: Any,  # noqa: ANN401  (a dialogue's, of the core)
    kind: str,
    fields: Mapping[str, Any],
) -> dict[str, Any]:
    """Give the command's body, with full ids for what people call parts."""
    from desk.names import in_full

    body = await in_full(kind, fields, state)
    if kind != "amend_plan":
        return body
    from cli.plan_previews import amending

    return amending(body, state)


class _Sent(NamedTuple):
    body: dict[str, Any]
    who: Sender
    name: str
    if_version: int | None


async def _send(
    desk: Desk,
    stream: str,
    kind: str,
    sent: _Sent,
    pin: Any,  # noqa: ANN401
) -> Answer:
    """Send a command; a response to a public window goes with others."""
    from desk.gathering import gathers, respond

    alone = (sent.if_version, pin) != (None, None)
    if (
        kind == _RESPONSE
        and not alone
        and gathers(await desk.dialogue(stream), sent.body)
    ):
        return await respond(desk, stream, sent.body, sent.who, submission=sent.name)
    answer = await desk.send(
        stream,
        kind,
        sent.body,
        sent.who,
        command_id=sent.name,
        if_version=sent.if_version,
        mandate=pin,
    )
    assert answer is not None  # noqa: S101  (it was waited for)
    return answer


def _with_duration(body: dict[str, Any]) -> dict[str, Any]:
    told = {name: body.pop(name) for name in _DURATION if name in body}
    if len(told) > 1:
        raise Usage(
            _("Give one of --working-days, --calendar-days and --until, not more.")
        )
    return {**body, "duration": told} if told else body


def ask(question: str) -> str:
    """Ask on a terminal. Elsewhere there is nobody to ask: wrong use."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise Usage(_("Give a reason: --reason TEXT."))
    sys.stderr.write(f"{question} ")
    sys.stderr.flush()
    told = sys.stdin.readline().strip()
    if not told:
        raise Usage(_("Give a reason: --reason TEXT."))
    return told


COMMANDS.extend(
    Spec("dialogue", act.name, act.help, act.examples, _runner(act), _parameters(act))
    for act in ACTS
)
