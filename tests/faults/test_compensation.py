"""What a revisit undoes is undone once, in reverse, whoever dies in the middle."""

from __future__ import annotations

from collections import Counter
from email import message_from_bytes
from pathlib import Path

import pytest

from tests.faults.oracle import OnRecord, holds
from tests.faults.rig import Rig
from tests.faults.telling import WINDOW, Told, begin, items
from tests.faults.windows import recorded

pytestmark = pytest.mark.faults


async def decided(told: Told) -> None:
    """Bring a dialogue past its last step, with people told of it on the way."""
    for number in (1, 2):
        person = {"role": "parties", "actor": f"k-{number}", "name": f"Partij {number}"}
        address = {"address": f"k{number}@example.org"}
        assert (await told.tell("desk", "assign_role", {**person, **address})).answer
    await told.does("complete_items", items=items("kennismaken"))
    await told.does("complete_step", step="kennismaken")
    await told.does("complete_items", items=items("belangen"))
    await told.does("open_window", window=WINDOW)
    early = {"window": WINDOW, "reason": "Iedereen heeft gereageerd"}
    assert (await told.tell("desk", "close_window", early)).answer
    await told.does("complete_step", step="belangen")
    await told.does("complete_items", items=items("samen-bepalen"))
    await told.does("complete_step", step="samen-bepalen")
    await told.settled()


def letters(files: list[Path]) -> Counter[tuple[str, str]]:
    """Count letters by address and Message-ID."""
    found = [message_from_bytes(file.read_bytes()) for file in files]
    return Counter((str(f["Delivered-To"]), str(f["Message-ID"])) for f in found)


def acts(record: list[OnRecord], kind: str) -> list[str]:
    """Name the compensations with an event of this kind, in order."""
    found = [e for e in record if e.members["type"] == f"compensation_{kind}"]
    return [event.members["data"]["compensation"] for event in found]


async def test_killed_in_mid_compensation(rig: Rig) -> None:
    """One letter is out and not noted, one act is done and not reported: both end.

    No compensation is skipped or done twice; the one letter that goes out again
    keeps its Message-ID.
    """
    async with rig.worker() as worker, rig.desk() as desk:
        told = await begin(
            rig.client, desk, roles={"process_director": ["p-1"], "parties": []}
        )
        await decided(told)
        before = rig.mail.messages()
        worker.arm("noting", 2)
        worker.arm("after notify", 2)
        reason = {"step": "belangen", "reason": "Er kwam een partij bij"}
        assert (await told.tell("desk", "revisit_step", reason)).answer
        for _ in range(2):
            await worker.dies()
            await worker.start()
        await recorded(rig.database, told, "compensation_completed", times=2)
        record = await holds(rig.database, told)
        planned = acts(record, "planned")
        assert len(planned) == 2
        assert acts(record, "started") == acts(record, "completed") == planned
        out = letters([f for f in rig.mail.messages() if f not in before])
        assert sorted(out.values()) == [1, 1, 1, 2]
