"""The plan of a dialogue as a method's file, which can be published as it is."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from pydantic import ValidationError

from desk.desk import Desk
from desk.errors import DeskError, Refused
from domain.amending import placed_in
from domain.method import Method
from domain.method_check import first_problem
from domain.plan_alone import plan_alone
from domain.plan_errors import PlanUnfit
from domain.references import MethodRef
from domain.tracks import in_order
from evidence.canonical import content_hash
from language import mark
from methods.writing import written

_CANT_WRITE: Final = mark("{path} can't be written: {problem}.")


class PlanFile(NamedTuple):
    """A plan as a method, and where it comes from."""

    stream: str
    seq: int
    """The last event of the dialogue that it has in it."""
    was: MethodRef
    """The method that the dialogue follows."""
    changed: tuple[int, ...]
    """The events that changed the plan, by their number."""
    tracks: tuple[str, ...]
    """Tracks, which are left out."""
    method: Method
    hash: str


async def plan_file(
    desk: Desk, stream: str, name: str | None = None, version: str | None = None
) -> PlanFile:
    """Make a method of the plan as it is now, under this id and version.

    Raises `NotFound`, and `Refused` where no method can be called so.
    """
    state = await desk.dialogue(stream)
    try:
        method = plan_alone(state, stream.partition(":")[2], name, version)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = str(first["loc"][0])
        raise Refused.of(PlanUnfit.of(where, first["msg"], "Choose another")) from error
    if found := first_problem(method):
        where = placed_in(method, found.path)
        raise Refused.of(PlanUnfit.of(where, found.message, found.remedy))
    return PlanFile(
        stream=stream,
        seq=state.version,
        was=state.method,
        changed=tuple(each.seq for each in state.amendments),
        tracks=tuple(in_order(state)),
        method=method,
        hash=content_hash(method.model_dump(mode="json")),
    )


def write(found: PlanFile, remarks: Iterable[str], out: str) -> Path:
    """Write the file, whole or not at all. Raises `DeskError` where it can't be."""
    path = Path(out).absolute()
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_text(written(found.method, remarks), encoding="utf-8")
        part.replace(path)
    except OSError as error:
        problem = error.strerror or str(error)
        raise DeskError(_CANT_WRITE, path=str(path), problem=problem) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return path
