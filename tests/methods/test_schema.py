"""The published schema describes the file that the loader accepts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from jsonschema import Draft202012Validator

from methods.load import MethodInvalid, json_schema, load_text, shipped

SHELF = Path(__file__).parents[2] / "methods"


def red_lines(data: object) -> list[str]:
    """What an editor would say about the data."""
    checker = cast("Any", Draft202012Validator(json_schema()))
    return [error.message for error in checker.iter_errors(data)]


class EditorsReader(yaml.SafeLoader):
    """YAML 1.2 as an editor's language server reads it: days and ``on`` are text."""


EditorsReader.yaml_implicit_resolvers = {
    first: [
        (tag, form)
        for tag, form in resolvers
        if not tag.endswith(("timestamp", "bool"))
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
cast("Any", EditorsReader).add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf")
)


def as_an_editor_reads(text: str) -> object:
    """The data that an editor checks by the schema."""
    return yaml.load(text, Loader=EditorsReader)


def test_the_schema_is_a_schema() -> None:
    """It is valid draft 2020-12, with its own name and title, and is plain JSON."""
    schema = json_schema()
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == "urn:polder:schema:method:1"
    assert schema["title"] == "Polder method"
    assert json.loads(json.dumps(schema)) == schema


@pytest.mark.parametrize("path", sorted(SHELF.glob("*.yaml")), ids=lambda p: p.stem)
def test_every_method_satisfies_the_schema(path: Path) -> None:
    """An editor has nothing to say about a method that Polder ships."""
    data = as_an_editor_reads(path.read_text(encoding="utf-8"))
    assert red_lines(data) == []


def test_compiled_forms_and_the_tutorial_satisfy_the_schema(good: str) -> None:
    """The form that is hashed is itself a method's file."""
    for loaded in shipped().values():
        assert red_lines(json.loads(loaded.canonical)) == []
    assert red_lines(as_an_editor_reads(good)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("late: accept", "late: acept"),
        ("gate: true", "gate: yes"),
        ("title: {nl: Het gesprek}", "titel: {nl: Het gesprek}"),
        ("- id: vraag", "- id: De vraag"),
        ("{working_days: 10}", "{working_days: 10, calendar_days: 2}"),
        ("{working_days: 10}", "{}"),
        ("{nl: Foto erbij}", "{xx: Foto erbij}"),
        ("languages: [nl]", "languages: []"),
    ],
)
def test_what_the_schema_refuses_the_loader_refuses_too(
    good: str, old: str, new: str
) -> None:
    """An editor's red line is never a matter of taste."""
    text = good.replace(old, new, 1)
    assert text != good
    assert red_lines(as_an_editor_reads(text)) != []
    with pytest.raises(MethodInvalid):
        load_text(text, "x")


def objects() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object type in the schema, with its name."""
    schema: dict[str, Any] = {**json_schema()}
    yield "Method", schema
    yield from schema["$defs"].items()


def test_an_editor_can_explain_every_part() -> None:
    """Every part has a description, and so has every member whose name is not plain."""
    plain = {"id", "kind", "number", "text", "name", "publisher", "goal", "note"}
    plain |= {
        "act",
        "working_days",
        "calendar_days",
        "until",
        "on",
        "items",
        "windows",
        "steps",
    }
    for name, part in objects():
        assert part.get("description"), name
        for member, said in part["properties"].items():
            holds_parts = "$ref" in json.dumps(said)
            explained = "description" in said or member in plain or holds_parts
            assert explained, f"{name}.{member}"
