"""What is told of what Polder is made of is what the lock says, to the byte."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "requirements" / "runtime.txt"
SBOM = ROOT / "sbom.cdx.json"


@pytest.fixture
def bom() -> dict[str, Any]:
    """The document as it lies in the tree."""
    return json.loads(SBOM.read_text("utf-8"))


@pytest.mark.skipif(
    sys.platform != "linux", reason="licences are read from what is installed on Linux"
)
def test_it_is_current() -> None:
    """What would be written now is what lies there, and twice the same."""
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, ROOT / "bin" / "sbom.py", "--check"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_every_package_of_the_lock_is_in_it(bom: dict[str, Any]) -> None:
    """Each with its version and package URL, and no other."""
    locked = re.findall(r"^([\w.-]+)==(\S+)", LOCK.read_text("utf-8"), re.MULTILINE)
    told = [(each["name"], each["version"]) for each in bom["components"]]
    assert told == locked
    assert all(
        each["purl"] == f"pkg:pypi/{each['name']}@{each['version']}"
        for each in bom["components"]
    )


def test_licences_are_known(bom: dict[str, Any]) -> None:
    """Of all that is always installed; none forbids what the EUPL asks."""
    terms = {
        each["name"]: each.get("licenses", [{}])[0].get("expression")
        for each in bom["components"]
    }
    optional = {e["name"] for e in bom["components"] if e["scope"] == "optional"}
    assert {name for name, told in terms.items() if told is None} <= optional
    assert not [told for told in terms.values() if told and "AGPL" in told]


def test_whatever_is_needed_is_there(bom: dict[str, Any]) -> None:
    """The graph names components alone, and each can be reached from Polder."""
    graph = {each["ref"]: each["dependsOn"] for each in bom["dependencies"]}
    assert {ref for refs in graph.values() for ref in refs} <= {*graph}
    found: set[str] = set()
    todo = [bom["metadata"]["component"]["bom-ref"]]
    while todo:
        ref = todo.pop()
        if ref not in found:
            found.add(ref)
            todo += graph[ref]
    assert found == {*graph}


def test_the_programs_that_come_along_are_told(bom: dict[str, Any]) -> None:
    """PostgreSQL and the Temporal server are inside of packages."""
    inside = {
        part["name"]: part["version"]
        for each in bom["components"]
        for part in each.get("components", ())
    }
    assert {*inside} == {"postgresql", "temporal-cli"}


def test_it_names_no_place(bom: dict[str, Any]) -> None:
    """Nothing of where it was made or where packages were fetched."""
    assert "://" not in json.dumps(bom)
