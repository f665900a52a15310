"""Short forms are made of the commands themselves: nothing is lost or added."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError
from pydantic.alias_generators import to_camel

from api.models.short_forms import acting_form, body_of, short_form
from api.models.told import TOLD
from api.resources import RESOURCES
from domain.commands import COMMANDS
from domain.messages import private_fields

KINDS = ("amend_plan", "open_window", "record_response")
SHORT = (*KINDS, *(each.command for each in RESOURCES))
DURATION = {"workingDays": 10}
STEP: dict[str, Any] = {
    "id": "extra",
    "number": "9",
    "title": {"nl": "Extra", "en": "Extra"},
    "items": [{"id": "iets", "title": {"nl": "Iets", "en": "Some"}}],
}


def properties(schema: Any) -> list[tuple[str, str, Any]]:  # noqa: ANN401
    """Give each member of a schema and of its parts, with the schema it is in."""
    parts = {"": schema, **schema.get("$defs", {})}
    return [
        (part, name, each)
        for part, one in parts.items()
        for name, each in one.get("properties", {}).items()
    ]


@pytest.mark.parametrize("kind", SHORT)
def test_a_short_form_has_the_members_of_its_command(kind: str) -> None:
    """Each member of the command is there, in camelCase, needed where it is needed."""
    model, command = short_form("Body", kind), COMMANDS[kind]
    schema = model.model_json_schema()
    assert set(schema["properties"]) == {to_camel(n) for n in command.model_fields}
    needed = {to_camel(n) for n, f in command.model_fields.items() if f.is_required()}
    assert set(schema.get("required", ())) == needed
    assert schema["additionalProperties"] is False


@pytest.mark.parametrize("kind", SHORT)
def test_every_member_is_described(kind: str) -> None:
    """Each member, of parts as well, has a sentence, and a name in camelCase."""
    for part, name, each in properties(short_form("Body", kind).model_json_schema()):
        assert each.get("description"), (part, name)
        assert "_" not in name, (part, name)


@pytest.mark.parametrize("kind", SHORT)
def test_what_is_private_may_be_text(kind: str) -> None:
    """A private member takes text or a commitment, and the documentation says so."""
    schema = short_form("Body", kind).model_json_schema()["properties"]
    for name in private_fields(COMMANDS[kind]):
        each = schema[to_camel(name)]
        forms = each.get("anyOf", ())
        assert {"string"} <= {form.get("type") for form in forms}, name
        assert any(form.get("$ref", "").endswith("/Commitment") for form in forms)
        assert "Privé" in each["description"]


def test_nothing_is_said_of_members_that_are_not_there() -> None:
    """Every sentence is of a member of some command or part."""
    known: set[str] = set()
    for kind in SHORT:
        schema = short_form("Body", kind).model_json_schema()
        known |= {name for _, name, _ in properties(schema)}
    said = {name.rpartition(".")[2] for name in TOLD}
    assert {name for name in said if to_camel(name) not in known} <= {"role"}


def test_parts_keep_their_own_rules() -> None:
    """What a part of a command asks of its members is asked of a short form too."""
    model = short_form("Body", "open_window")
    said = {"window": "a.b", "duration": DURATION}
    assert body_of(model.model_validate(said)) == {
        "window": "a.b",
        "duration": {"working_days": 10},
    }
    both = {"window": "a.b", "duration": {**DURATION, "until": "2026-12-18"}}
    with pytest.raises(ValidationError, match="exactly one of"):
        model.model_validate(both)


@pytest.mark.parametrize(
    "change",
    [
        {"change": "add_step", "after": "opdracht", "step": STEP},
        {"change": "add_item", "step": "opdracht", "item": STEP["items"][0]},
        {"change": "change_window", "window": "a.b", "to": {"mayCloseEarly": False}},
        {"change": "drop_item", "item": "opdracht.scope"},
        {"change": "change_completion", "steps": "all"},
    ],
)
def test_a_change_of_the_plan_reaches_the_domain(change: dict[str, Any]) -> None:
    """What is sent in camelCase is what the command takes."""
    model = short_form("Body", "amend_plan")
    body = body_of(model.model_validate({"changes": [change], "reason": "Daarom"}))
    [told] = body["changes"]
    assert "mayCloseEarly" not in str(told)
    commitment = {"commitment": "ab" * 32}
    command: Any = COMMANDS["amend_plan"].model_validate(body | {"reason": commitment})
    assert command.changes[0].change == change["change"]


def test_what_is_not_said_is_not_sent() -> None:
    """A member that was left out is left out of the command: its default is its own."""
    body = {"stakeholder": "k-1"}
    model = short_form("Body", "register_stakeholder")
    assert body_of(model.model_validate(body)) == body


@pytest.mark.parametrize("kind", SHORT)
def test_a_form_says_in_which_role_and_by_which_mandate(kind: str) -> None:
    """As a command does, also where the command has a mandate of its own."""
    schema = acting_form("Body", kind).model_json_schema()
    plain = short_form("Body", kind).model_json_schema()
    more = set(schema["properties"]) - set(plain["properties"])
    mandate = "byMandate" if kind == "register_stakeholder" else "mandate"
    assert more == {"role", mandate}
    assert schema.get("required") == plain.get("required")
    assert all(schema["properties"][each]["description"] for each in more)
