"""The plan of a dialogue as a method's file; above it stands where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cli.page import Page, Result
from cli.settings import Call
from cli.speech import _

if TYPE_CHECKING:
    from pathlib import Path

    from desk.plan_files import PlanFile


async def exported(
    call: Call, stream: str, out: str, method: str | None, version: str | None
) -> Result:
    """Write the plan of a dialogue to a file that can be published."""
    from desk.plan_files import plan_file, write

    async with call.desk() as desk:
        found = await plan_file(desk, stream, method, version)
    path = write(found, _remarks(found), out)
    data = {
        "dialogue": stream,
        "seq": found.seq,
        "out": str(path),
        "id": found.method.id,
        "version": found.method.version,
        "hash": found.hash,
        "was": found.was.model_dump(mode="json"),
        "changed": list(found.changed),
        "left_out": {"tracks": list(found.tracks)},
    }
    return Result(data, lambda page: _show(page, found, path))


def _remarks(found: PlanFile) -> Iterator[str]:
    """Say in the file where it comes from."""
    told = _("The plan of dialogue {stream} after event {seq}, as a method.")
    yield told.format(stream=found.stream, seq=found.seq)
    was = found.was
    told = _("The dialogue follows {id} {version}, SHA-256 {hash}.")
    yield told.format(id=was.id, version=was.version, hash=was.hash)
    if found.changed:
        seqs = ", ".join(map(str, found.changed))
        yield _("Its plan was changed in events {seqs}.").format(seqs=seqs)
    else:
        yield _("Its plan was not changed.")
    for track in found.tracks:
        told = _("Track {track} is left out: its steps are copies of steps below.")
        yield told.format(track=track)


def _show(page: Page, found: PlanFile, path: Path) -> None:
    line = _("Written: {path}").format(path=path)
    page.line(line, "good")
    page.line(f"{found.method.id} {found.method.version}, {found.hash}", "quiet")
    for track in found.tracks:
        told = _("Track {track} is left out; who goes over copies its steps anew.")
        page.line(told.format(track=track))
    page.line()
    page.line(_("So that dialogues can begin with it:"))
    page.command(f"polder method publish {path}")
    page.line(_("So that this dialogue follows it:"))
    told = f"{found.stream} {found.method.id} --dry-run"
    page.command(f"polder dialogue migrate-method {told}")
