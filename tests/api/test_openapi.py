"""The API's description: by the design rules, complete, and with examples that fit."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from api.app import make_app
from api.cookies import name_of
from api.openapi import document
from api.settings import Settings
from tests.api.linter import RULES, Json, Rule, operations, properties, resolved, walk


@pytest.fixture(scope="module")
def described() -> Json:
    """Give the description; it needs no server."""
    return document(make_app(Settings(database="postgresql://nowhere/polder")))


def contents(described: Json) -> Iterator[tuple[str, Json]]:
    """Give each body that is described, of requests and answers, with where it is."""
    for path, method, operation in operations(described):
        if body := operation.get("requestBody"):
            for media, content in body["content"].items():
                yield f"{method} {path} {media}", content
        for status, response in operation["responses"].items():
            found = resolved(described, response)
            for media, content in found.get("content", {}).items():
                yield f"{method} {path} {status} {media}", content


def test_it_is_openapi(described: Json) -> None:
    """Rule 2: the document is valid OpenAPI 3.1."""
    validate(described)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_design_rules_hold(described: Json, rule: Rule) -> None:
    """Rules 2 and 3: no place breaks a rule of the standard's linter."""
    assert list(rule(described)) == []


def test_the_cookie_has_the_name_that_it_really_has() -> None:
    """Over HTTPS another one than without."""
    for url, name in (
        ("https://polder.example.org", "__Host-polder_session"),
        (None, "polder_session"),
    ):
        settings = Settings(database="postgresql://nowhere/polder", url=url)
        schemes = document(make_app(settings))["components"]["securitySchemes"]
        assert schemes["session"]["name"] == name == name_of(settings)


def test_everything_is_explained(described: Json) -> None:
    """Rule 3: each operation, parameter, answer and property says what it is."""
    silent: list[str] = []
    for path, method, operation in operations(described):
        where = f"{method} {path}"
        if not operation.get("summary") or not operation.get("description"):
            silent.append(where)
        silent += [
            f"{where} {parameter['name']}"
            for parameter in operation.get("parameters", ())
            if not parameter.get("description")
        ]
        for status, response in operation["responses"].items():
            if not resolved(described, response).get("description"):
                silent.append(f"{where} {status}")
    assert silent == []


def test_properties_are_explained(described: Json) -> None:
    """Rule 3: a property says more than its name: in words, by example or by form."""
    telling = {
        *("description", "examples", "example", "enum", "const", "format"),
        *("$ref", "items", "anyOf", "pattern", "allOf", "oneOf"),
    }
    schemas = described["components"]["schemas"]
    silent = [
        where
        for where, _, schema in properties(schemas)
        if not telling & schema.keys() and schema.get("type") != "boolean"
    ]
    assert silent == []


def test_every_body_has_an_example_that_fits(described: Json) -> None:
    """Rule 3: each JSON body has an example, and its schema takes it."""
    wrong: list[str] = []
    for where, content in contents(described):
        if "json" not in where.rpartition(" ")[2]:
            continue
        if "example" not in content:
            wrong.append(f"{where}: no example")
            continue
        schema = {**content["schema"], "components": described["components"]}
        found = Draft202012Validator(schema).iter_errors(content["example"])
        wrong += [f"{where}: {error.json_path} {error.message}" for error in found]
    assert wrong == []


def test_nothing_is_null(described: Json) -> None:
    """Rule 39: no schema lets a member be null: what has no value is left out."""
    nulls = [where for where, found in walk(described) if found.get("type") == "null"]
    assert nulls == []


def test_answers_are_objects(described: Json) -> None:
    """Rule 39: on top of every JSON answer stands an object, so that it can grow."""
    wrong: list[str] = []
    for where, content in contents(described):
        if where.rpartition(" ")[2] != "application/json":
            continue
        schema = resolved(described, content["schema"])
        choices = schema.get("anyOf", [schema])
        if any(resolved(described, one).get("type") != "object" for one in choices):
            wrong.append(where)
    assert wrong == []


def test_who_may_call_is_said(described: Json) -> None:
    """Every operation says whether it takes a token; those that do answer 401."""
    for path, method, operation in operations(described):
        assert "security" in operation, f"{method} {path}"
        secured = bool(operation["security"])
        assert secured == ("401" in operation["responses"]), f"{method} {path}"
