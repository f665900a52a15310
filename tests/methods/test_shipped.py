"""The five methods are whole, in two languages, and keep their hash."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from domain.method import Method
from methods import yaml_tree
from methods.load import shipped

HASHES = Path(__file__).with_name("hashes.json")
SHELF = Path(__file__).parents[2] / "methods"

FIVE = (
    "belangen-op-tafel",
    "imvo-dialoog",
    "participatie-tien-stappen",
    "stakeholderdialoog",
    "stakeholdermanagement",
)

ITEMS_PER_STEP = {
    "stakeholderdialoog": {
        "opdracht": 11,
        "context": 5,
        "procesplan": 6,
        "bijeenkomsten": 6,
        "spelregels": 2,
        "begeleiding": 9,
        "oogst": 5,
        "communicatie": 4,
    },
    "imvo-dialoog": {
        "motivatie": 2,
        "voorwaarden": 5,
        "stakeholders": 5,
        "verkenning": 6,
        "gesprekspartners": 7,
        "samenwerking": 3,
        "voorbereiding": 6,
        "gesprek": 10,
        "opvolging": 7,
    },
    "stakeholdermanagement": {
        "identificeren": 3,
        "evalueren": 2,
        "definieren": 3,
        "plannen": 3,
        "engageren": 4,
    },
    "belangen-op-tafel": {"kennismaken": 3, "belangen": 6, "samen-bepalen": 6},
    "participatie-tien-stappen": {
        "goedkeuring": 3,
        "organisatie": 3,
        "stap-3": 0,
        "stap-4": 0,
        "gesprekken": 6,
        "duiden": 4,
        "stap-7": 0,
        "stap-8": 0,
        "stap-9": 0,
        "stap-10": 0,
    },
}


def method(name: str) -> Method:
    """A method that Polder ships."""
    return shipped()[name].method


def test_five_methods_are_shipped() -> None:
    """These five are on the shelf, and no other."""
    assert tuple(shipped()) == FIVE


@pytest.mark.parametrize("name", FIVE)
def test_each_step_has_the_items_of_its_source(name: str) -> None:
    """The number of items per step is the one counted in the source."""
    counted = {s.id: len(s.items) for s in method(name).all_steps()}
    assert counted == ITEMS_PER_STEP[name]


@pytest.mark.parametrize("name", FIVE)
def test_every_method_is_in_dutch_and_english(name: str) -> None:
    """The loader sees to it that every text has these two and no other."""
    assert method(name).languages == ("nl", "en")


@pytest.mark.parametrize("name", FIVE)
def test_a_process_director_runs_every_method(name: str) -> None:
    """One role runs the process, and it says so where the source has no such role."""
    steering = [role for role in method(name).roles if "steer" in role.may]
    assert [role.id for role in steering] == ["process_director"]
    assert "complete" in steering[0].may
    assert steering[0].ours == (name != "stakeholderdialoog")


@pytest.mark.parametrize("name", FIVE)
def test_terms_are_marked_as_ours(name: str) -> None:
    """No source gives a term, so every window says that it is ours."""
    windows = method(name).windows.values()
    assert windows
    assert all(window.ours for window in windows)


@pytest.mark.parametrize("name", FIVE)
def test_every_window_with_an_audience_can_be_taken_back(name: str) -> None:
    """What was opened to people is undone, by a rule, when its step is voided."""
    for each in method(name).all_steps():
        undone = {rule.undoes for rule in each.revisit.compensations}
        assert {window.id for window in each.windows} <= undone


@pytest.mark.parametrize("name", FIVE)
def test_a_hash_changes_only_with_the_version(name: str) -> None:
    """A published version keeps its hash for good."""
    loaded = shipped()[name]
    known: dict[str, str] = json.loads(HASHES.read_text(encoding="utf-8"))
    key = f"{name}@{loaded.method.version}"
    assert key in known, f'record the new version: "{key}": "{loaded.hash}"'
    assert known[key] == loaded.hash, (
        f"{key} was published with another content: raise the version of"
        f" methods/{name}.yaml and record it in {HASHES.name}; the hash is now"
        f" {loaded.hash}"
    )


@pytest.mark.parametrize("path", sorted(SHELF.glob("*.yaml")), ids=lambda p: p.stem)
def test_both_parsers_read_the_same(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine without libyaml reads the methods alike."""
    text = path.read_text(encoding="utf-8")
    fast = yaml_tree.read(text)
    monkeypatch.setattr(yaml_tree, "_LOADER", yaml.BaseLoader)
    slow = yaml_tree.read(text)
    assert (fast.data, fast.members) == (slow.data, slow.members)
