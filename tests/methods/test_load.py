"""What is written is what is read, and the hash is of what it means."""

from __future__ import annotations

import hashlib
import json
import pathlib
import random
from copy import copy
from datetime import date
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.library import Library
from domain.method import Method
from evidence.canonical import canonical, content_hash, parse
from methods.load import (
    MethodInvalid,
    MethodUnknown,
    Problem,
    load,
    load_text,
    shipped,
)
from methods.yaml_tree import Data, Path, read
from tests.methods.conftest import example

SHELF = pathlib.Path(__file__).parents[2] / "methods"
WORDS = ": - [ ] { } ' # | > % --- ~ é &a *a !!str true -1 null id steps: <<: ?"
PIECES = (
    *WORDS.split(),
    *(" ", "\n", "\t", '"', "\x00", "\ud800", "\ufeff", "\u2028", "9" * 30, "x" * 3000),
)


def test_the_tutorials_method_loads(good: str, tmp_path: pathlib.Path) -> None:
    """What the tutorial shows is a whole method, with or without a byte-order mark."""
    path = tmp_path / "buurtgesprek.yaml"
    path.write_text(good, encoding="utf-8-sig")
    loaded = load(path)
    assert [*loaded.method.steps] == ["voorbereiding", "verslag"]
    assert loaded == load_text(good, "buurtgesprek.yaml")


def test_the_hash_is_of_the_canonical_compiled_form(good: str) -> None:
    """An outsider gets the hash from the bytes, and the bytes from the method."""
    loaded = load_text(good, "x")
    assert hashlib.sha256(loaded.canonical).hexdigest() == loaded.hash
    assert canonical(parse(loaded.canonical)) == loaded.canonical
    assert Method.model_validate_json(loaded.canonical) == loaded.method
    assert content_hash(loaded.method.model_dump(mode="json")) == loaded.hash


def test_layout_comments_and_written_out_defaults_do_not_count(good: str) -> None:
    """Two files that say the same are the same method."""
    other = good.replace(
        "gate: true", "gate: true  # of the alderman\n            ours: false"
    )
    other = other.replace('number: "2"', "number: 2\n        needs: [voorbereiding]")
    assert load_text(other, "y").hash == load_text(good, "x").hash


def test_a_changed_word_changes_the_hash(good: str) -> None:
    """The hash stands for every text of the method."""
    other = good.replace("Foto erbij", "Foto's erbij")
    assert load_text(other, "x").hash != load_text(good, "x").hash


def test_words_that_yaml_1_1_reads_otherwise_keep_their_form(good: str) -> None:
    """``on`` is a member, ``no`` and ``1.10`` are text, and a day is a day."""
    text = good.replace('"1.0"', "1.10").replace("Foto erbij", "no")
    text = text.replace("{working_days: 10}", "{until: 2026-12-01}")
    method = load_text(text, "x").method
    assert method.version == "1.10"
    assert method.items["verslag.foto"].title == {"nl": "no"}
    assert method.windows["verslag.reacties"].opens.on == "hand"
    assert method.windows["verslag.reacties"].duration.until == date(2026, 12, 1)


def test_every_file_on_the_shelf_is_found_by_its_name() -> None:
    """A method that Polder ships bears the name of its file."""
    assert [*shipped()] == sorted(path.stem for path in SHELF.glob("*.yaml"))


async def test_an_unknown_method_names_those_there_are() -> None:
    """Whoever asks for a method that isn't there can choose another."""
    with pytest.raises(MethodUnknown, match="choose from: belangen-op-tafel, imvo"):
        await Library().find("waterdam")


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A method's text with up to eight cuts, doublings and insertions."""
    text = example()
    for _ in range(draw(st.integers(1, 8))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 40)))
        piece = draw(st.sampled_from([*PIECES, text[start:end] * 2]))
        text = text[:start] + piece + text[end:]
    return text


def loads_or_says_why(text: str) -> None:
    """Load; pass where that works or where every problem has a place in the file."""
    problems: tuple[Problem, ...] = ()
    try:
        loaded = load_text(text, "x.yaml")
    except MethodInvalid as invalid:
        problems = invalid.problems
    else:
        assert json.loads(loaded.canonical)["id"] == loaded.method.id
        return
    breaks = sum(text.count(sign) for sign in "\n\r\x85\u2028\u2029")
    assert problems
    for problem in problems:
        assert 1 <= problem.line <= breaks + 2
        assert problem.column >= 1
        assert problem.message
        assert problem.remedy


def places(data: Data, path: Path = ()) -> list[Path]:
    """Every path in the data."""
    inner = data.items() if isinstance(data, dict) else ()
    inner = enumerate(data) if isinstance(data, list) else inner
    return [path, *(p for key, value in inner for p in places(value, (*path, key)))]


def put(data: object, path: Path, value: object) -> object:
    """The data with another value at a path."""
    if not path:
        return value
    changed = copy(cast("Any", data))
    changed[path[0]] = put(changed[path[0]], path[1:], value)
    return changed


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "nl", "steps", "x"]), inner, max_size=3
        )
    ),
    max_leaves=5,
)


@settings(max_examples=500, deadline=None)
@given(st.data())
def test_no_odd_value_in_any_place_raises_anything_else(data: st.DataObject) -> None:
    """Loading gives a method or MethodInvalid, whatever stands in a member's place."""
    tree = read(example()).data
    for _ in range(data.draw(st.integers(1, 3))):
        where = data.draw(st.sampled_from(places(tree)))
        other = data.draw(st.sampled_from(places(tree)))
        moved: Data = tree
        for key in other:
            moved = cast("Any", moved)[key]
        tree = cast("Data", put(tree, where, data.draw(ODD | st.just(moved))))
    loads_or_says_why(json.dumps(tree, ensure_ascii=False))


@settings(max_examples=500, deadline=None)
@given(mutated())
def test_no_mutation_of_a_method_raises_anything_else(text: str) -> None:
    """Loading gives a method or MethodInvalid, whatever was done to the text."""
    loads_or_says_why(text)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_no_text_at_all_raises_anything_else(text: str) -> None:
    """Loading gives a method or MethodInvalid, whatever the text."""
    loads_or_says_why(text)


def test_lines_left_out_or_swapped_are_told(good: str) -> None:
    """An author who loses or swaps any line gets a method or an explanation."""
    chance = random.Random(2)
    lines = good.splitlines(keepends=True)
    for here in range(len(lines)):
        loads_or_says_why("".join(lines[:here] + lines[here + 1 :]))
        there = chance.randrange(len(lines))
        swapped = [*lines]
        swapped[here], swapped[there] = swapped[there], swapped[here]
        loads_or_says_why("".join(swapped))
