"""A plan that changed lives as any other: on record, restored, rebuilt, taken along."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from desk.changes import changes_in
from desk.difference import between
from desk.entries import entries
from desk.errors import Refused
from desk.methods import publish_method
from desk.packs import make_pack
from desk.plan_files import plan_file, write
from desk.plans import plan_now, preview
from domain.method import Method
from domain.state import Handled
from evidence.verify import SOUND, examine
from methods.load import load_text
from storage.folding import fold_stream
from storage.pool import connect
from storage.queries import dialogue, events
from storage.rebuild import rebuild
from tests.desk.town_hall import DIRECTOR, METHOD, TownHall
from tests.services import until

WISH = """
changes:
  - change: add_step
    after: kennismaken
    step: {id: rondgang, title: Rondgang, items: [{id: route, title: Route}]}
    then: [belangen]
  - {change: add_item, step: belangen, item: {id: kaart, title: Kaart}}
"""
NEWER = "belangen-nieuw"
SOURCE = Path(__file__).parents[2] / "methods" / f"{METHOD}.yaml"


def newer(size: int = 0) -> str:
    """Give a method that came of the first; with ``size`` a large one."""
    text = SOURCE.read_text("utf-8").replace(f"id: {METHOD}", f"id: {NEWER}", 1)
    text = text.replace("- id: tijd-nemen", "- id: tijd-en-rust", 1)
    if size:
        advice = "\n".join(
            f"        - {{nl: '{n} {'x' * 1_800}', en: '{n} {'y' * 1_800}'}}"
            for n in range(size)
        )
        told = f"        advice:\n{advice}\n        items:\n"
        text = text.replace("        items:\n", told, 1)
    return text


async def wished(hall: TownHall, stream: str) -> dict[str, Any]:
    """Give the body of the amendment, as somebody's file says it."""
    state = await hall.desk.dialogue(stream)
    return {**changes_in(WISH, "wijziging.yaml", state), "reason": "de raad wil het"}


async def changed(hall: TownHall, tmp_path: Path) -> str:
    """Play a dialogue that is amended, has a track, and goes over to a new version."""
    stream = await hall.dialogue(words=False)
    await hall.does(stream, "complete_items", items=["kennismaken.tijd-nemen"])
    await hall.does(stream, "amend_plan", **await wished(hall, stream))
    await hall.does(
        stream,
        "open_track",
        track="noord",
        title="Noord",
        steps=["belangen", "samen-bepalen"],
        instead=True,
        reason="per wijk",
    )
    file = tmp_path / "nieuw.yaml"
    file.write_text(newer(size=24), "utf-8")
    await publish_method(hall.desk, file, "p-1")
    mapping = {"kennismaken.tijd-nemen": "kennismaken.tijd-en-rust"}
    body = {"method": NEWER, "mapping": mapping, "reason": "nieuwe versie"}
    await hall.does(stream, "migrate_method", **body)
    return stream


async def test_a_changed_plan_runs_as_it_is_on_record(
    hall: TownHall, tmp_path: Path
) -> None:
    """Workflow, projection and record agree to the last member of the plan."""
    stream = await changed(hall, tmp_path)
    runs = await hall.client.get_workflow_handle(stream).query("state")
    folded = (await fold_stream(hall.desk.pool, stream)).state
    read = await hall.desk.dialogue(stream)
    assert folded.model_dump(mode="json") == runs
    assert folded.model_copy(update={"handled": Handled()}) == read
    assert "belangen--noord.kaart" in read.plan.items
    assert "rondgang" in (read.plan.steps["belangen--noord"].needs or ())
    assert read.method.id == NEWER
    assert len(read.plan.model_dump_json()) > 64 * 1024


async def test_a_changed_plan_is_carried_on_after_its_workflow_was_lost(
    hall: TownHall, tmp_path: Path
) -> None:
    """A restore gives the same plan, and the tracks in it go on."""
    stream = await changed(hall, tmp_path)
    before = await hall.desk.dialogue(stream)
    await hall.desk.restore(stream, supersede=True)
    after = await hall.desk.dialogue(stream)
    assert (after.plan, after.tracks) == (before.plan, before.tracks)
    await hall.does(stream, "complete_items", step="kennismaken")
    await hall.does(stream, "complete_step", step="kennismaken")
    await hall.does(stream, "complete_items", step="rondgang")
    await hall.does(stream, "complete_step", step="rondgang")
    await hall.does(stream, "complete_items", items=["belangen--noord.kaart"])
    await hall.does(stream, "amend_plan", changes=[_more("rust")], reason="nog iets")
    state = await hall.desk.dialogue(stream)
    assert "belangen--noord.rust" in state.plan.items


def _more(name: str) -> dict[str, Any]:
    title = {"nl": name, "en": name}
    item = {"id": name, "title": title}
    return {"change": "add_item", "step": "belangen--noord", "item": item}


async def test_a_changed_plan_is_rebuilt_and_found_sound(
    hall: TownHall, tmp_path: Path
) -> None:
    """Folded again from nothing, no row differs, and the record has no fault."""
    stream = await changed(hall, tmp_path)
    async with await connect(hall.database) as conn:
        again = await rebuild(conn)
    assert again.differences == ()
    assert [f for f in await hall.findings() if stream in f] == []
    row = await dialogue(hall.desk.pool, stream)
    assert row is not None
    assert "plan" not in row.state
    size = len(json.dumps(row.state))
    assert size < 12_000


async def test_the_plan_of_a_past_moment_is_as_it_was_then(
    hall: TownHall, tmp_path: Path
) -> None:
    """Before the amendment, before the track, and before the migration."""
    stream = await changed(hall, tmp_path)
    past = await events(hall.desk.pool, stream)
    seqs = {event.members["type"]: event.seq for event in past}
    moments = [
        (await fold_stream(hall.desk.pool, stream, until_seq=seqs[kind] - 1)).state
        for kind in ("plan_amended", "track_opened", "method_migrated")
    ]
    first, second, third = moments
    assert "rondgang" not in first.plan.steps
    assert "belangen--noord" not in second.plan.steps
    assert third.method.id == METHOD
    told = [change.pointer for change in between(first, second)]
    assert any(name.startswith("/plan/rondgang/") for name in told)


async def test_a_pack_of_a_changed_plan_can_be_checked_by_anybody(
    hall: TownHall, tmp_path: Path
) -> None:
    """With the one file that judges, and nothing of ours beside it."""
    stream = await changed(hall, tmp_path)
    await hall.seals()
    packed = await make_pack(
        hall.desk,
        hall.database,
        hall.home / "log.key",
        stream,
        created_by="p-1",
        reader=DIRECTOR,
    )
    report = examine(packed.content, [packed.document["key"]])
    assert report.verdict == SOUND
    with ZipFile(BytesIO(packed.content)) as pack:
        told = b"".join(pack.read(name) for name in pack.namelist())
    for kind in (b"plan_amended", b"track_opened", b"method_migrated"):
        assert kind in told


async def test_whoever_asks_first_gets_the_same_answer_everywhere(
    hall: TownHall,
) -> None:
    """From the desk, and from the dialogue itself by a query of Temporal."""
    stream = await hall.dialogue(words=False)
    body = await wished(hall, stream)
    at_the_desk = await preview(hall.desk, stream, "amend_plan", body)
    handle = hall.client.get_workflow_handle(stream)
    told = {"changes": body["changes"]}
    asked = await handle.query("preview_plan", args=["amend_plan", told])
    assert asked == json.loads(json.dumps(at_the_desk))
    assert asked["possible"]
    assert (await hall.desk.dialogue(stream)).amendments == ()


async def test_the_plan_of_a_dialogue_is_published_and_followed_as_it_is(
    hall: TownHall, tmp_path: Path
) -> None:
    """The file is a method; the dialogue goes over to it with all that was done."""
    stream = await changed(hall, tmp_path)
    before = await hall.desk.dialogue(stream)
    found = await plan_file(hall.desk, stream)
    path = write(found, ["where it is from"], str(tmp_path / "eigen.yaml"))
    loaded, new = await publish_method(hall.desk, path, "p-1")
    assert (loaded.hash, new) == (found.hash, True)
    assert path.read_text("utf-8").startswith("# where it is from\n")
    body = {"method": found.method.id, "reason": "wij volgen ons eigen plan"}
    await hall.does(stream, "migrate_method", **body)
    after = await hall.desk.dialogue(stream)
    assert after.method.hash == found.hash
    assert (after.steps, after.tracks) == (before.steps, before.tracks)
    assert [*after.plan.steps] == [*before.plan.steps]


async def test_a_method_that_nobody_has_is_refused_before_anything_is_sent(
    hall: TownHall,
) -> None:
    """With the names of those that there are."""
    stream = await hall.dialogue(words=False)
    body = {"method": "nergens", "reason": "zomaar"}
    with pytest.raises(Refused) as refused:
        await hall.does(stream, "migrate_method", **body)
    assert METHOD in str(refused.value)


async def test_a_system_that_brings_no_method_is_refused_on_record(
    hall: TownHall,
) -> None:
    """A signal has no desk that looks the method up."""
    stream = await hall.dialogue(words=False)
    envelope = {
        "id": "s-1",
        "actor": {"id": "zaaksysteem", "role": "system"},
        "command": {"method": METHOD, "reason": {"commitment": "0" * 64}},
    }
    handle = hall.client.get_workflow_handle(stream)
    await handle.signal("migrate_method", envelope)

    async def refused() -> bool:
        found = await events(hall.desk.pool, stream)
        last = found[-1].members
        return (last["type"], last["data"].get("error")) == (
            "command_refused",
            "MethodUnfit",
        )

    await until(refused)


async def test_what_changed_the_plan_stays_in_view_after_a_migration(
    hall: TownHall, tmp_path: Path
) -> None:
    """Each event with who and when, and where each part comes from."""
    stream = await changed(hall, tmp_path)
    found = await plan_now(hall.desk, stream, "nl")
    kinds = [each.members["type"] for each in found.changes]
    assert kinds == ["plan_amended", "track_opened", "method_migrated"]
    steps = {step.view.id: step for phase in found.phases for step in phase.steps}
    assert [o.how for o in steps["rondgang"].origins] == ["along"]
    assert steps["belangen--noord"].track == "noord"
    assert found.tracks[0].total == 2
    (track,) = await entries(hall.desk, stream, "track")
    assert track.data["status"] == "open"
    assert json.loads(json.dumps(found.document))["tracks"][0]["id"] == "noord"


def test_the_newer_version_is_a_method() -> None:
    """What these tests go over to passes the checks of any method."""
    loaded = load_text(newer(size=24), "nieuw.yaml")
    assert isinstance(loaded.method, Method)
    assert len(loaded.canonical) > 64 * 1024
