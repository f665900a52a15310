"""A process miner's own program reads what is written: pm4py, in an environment apart.

pm4py is AGPL and heavy, so it is in no environment of Polder's: `bin/mining` makes one
for it and runs these; elsewhere they are skipped.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from exports.formats import Format
from tests.exports.logs import STREAM, export, log

PYTHON = os.environ.get("POLDER_MINING_PYTHON", "")
READ = """
import json, sys, warnings
warnings.simplefilter("ignore")
import pm4py
read = {"json": pm4py.read_ocel2_json, "sqlite": pm4py.read_ocel2_sqlite}
log = read[sys.argv[2]](sys.argv[1])
graph = pm4py.discover_oc_petri_net(log)
flat = pm4py.ocel_flattening(log, "dialogue")
print(json.dumps({
    "events": len(log.events),
    "types": dict(log.events["ocel:activity"].value_counts()),
    "objects": dict(log.objects["ocel:type"].value_counts()),
    "relations": len(log.relations),
    "qualifiers": sorted(set(log.relations["ocel:qualifier"])),
    "o2o": len(log.o2o),
    "statuses": sorted(
        {*log.objects.get("status", ()), *log.object_changes["status"]} - {None},
        key=str,
    ),
    "cases": sorted(set(flat["case:concept:name"])),
    "times": [str(t) for t in log.events["ocel:timestamp"][:1]],
    "nets": sorted(graph["petri_nets"]),
}, default=int))
"""


@pytest.mark.skipif(not PYTHON, reason="pm4py lives apart: bin/mining")
@pytest.mark.parametrize(
    ("form", "kind"), [("ocel-json", "json"), ("ocel-sqlite", "sqlite")]
)
def test_pm4py_reads_and_mines_it(form: Format, kind: str, tmp_path: Path) -> None:
    """Events, objects, relations and changes, and it can mine a process from them."""
    path = tmp_path / f"log.{kind}"
    export(form, path, [*log(), *log("gemeente-waterdam:aardlaan", 6)])
    found = mined(path, kind)
    assert found["events"] == 2 * len(log())
    assert found["types"]["items_completed"] == 2
    assert found["objects"]["dialogue"] == found["objects"]["window"] == 2
    assert {"by", "in", "item", "under"} <= set(found["qualifiers"])
    assert {"open", "closed", "running"} <= set(found["statuses"])
    assert f"dialogue/{STREAM}" in found["cases"]
    assert found["o2o"] > 0
    assert found["times"][0].startswith("2026-11-23 09:01:00")
    assert {"dialogue", "window"} <= set(found["nets"])


def mined(path: Path, kind: str) -> dict[str, Any]:
    """What pm4py says of a file."""
    done = subprocess.run(
        [PYTHON, "-c", READ, str(path), kind],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])
