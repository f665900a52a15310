"""docker-compose.yml says only what Compose understands, and leaves no door open."""

from __future__ import annotations

import inspect
import json
import re
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from temporalio.common import SearchAttributeIndexedValueType as IndexedValueType

from pages.entering import settings
from storage.login import LOGIN
from tests.cluster.compose import (
    PASSWORDS,
    REQUIRED,
    ROOT,
    MissingVariable,
    interpolate,
    load,
    texts,
)
from workflows.search import KEYS

SCHEMA = Path(__file__).parent / "compose-spec" / "compose-spec.json"
SERVICES: dict[str, Any] = load(REQUIRED)["services"]
OURS = {name for name, each in SERVICES.items() if "build" in each}
"""The services that run our own code."""


def networks(service: str) -> set[str]:
    """The networks that a service is on."""
    if SERVICES[service].get("network_mode") == "none":
        return set()
    return set(SERVICES[service].get("networks", ["default"]))


def who_has(variable: str) -> set[str]:
    """The services that are given a password."""
    return {
        name
        for name, each in SERVICES.items()
        if PASSWORDS[variable] in each.get("environment", {}).values()
    }


def complaints(document: dict[str, Any]) -> list[str]:
    """What the Compose schema has against a document."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    validator: Any = Draft202012Validator(schema)
    return [f"{e.json_path}: {e.message}" for e in validator.iter_errors(document)]


@pytest.mark.parametrize("variables", [None, REQUIRED])
def test_follows_the_schema(variables: dict[str, str] | None) -> None:
    """The file follows the Compose schema, with variables filled in and without."""
    assert complaints(load(variables)) == []


def test_the_schema_would_notice() -> None:
    """A misspelt key and an unknown condition are not let through."""
    spelt = load(REQUIRED)
    worker = spelt["services"]["worker"]
    worker["enviroment"] = {}
    worker["depends_on"]["record-roles"]["condition"] = "service_done"
    found = " ".join(complaints(spelt))
    assert "enviroment" in found
    assert "service_done" in found


@pytest.mark.parametrize("name", REQUIRED)
def test_what_only_an_operator_knows_is_asked(name: str) -> None:
    """Without passwords and a mail server of one's own, nothing starts."""
    rest = {key: value for key, value in REQUIRED.items() if key != name}
    with pytest.raises(MissingVariable, match=name):
        load(rest)


def test_every_password_is_a_variable() -> None:
    """No setting that holds a secret has a value in the file."""
    for name, service in load()["services"].items():
        for key, value in service.get("environment", {}).items():
            if re.search("PASSWORD|PWD|SECRET|TOKEN", key):
                assert value.startswith("${"), f"{name}: {key}"
                # One that may be left out has nothing in its place.
                assert ":?" in value or value.endswith(":-}"), f"{name}: {key}"


def test_a_password_stands_in_no_address() -> None:
    """Any character may be in a password, since no URL has to carry it."""
    assert not [
        text
        for text in texts(load())
        if re.search(r"://[^/\s]*:[^/\s]*@", text) or re.search(r"://.*PASSWORD", text)
    ]


def test_databases_are_apart() -> None:
    """Record, keys and Temporal's data share no network, and lead nowhere else."""
    databases = ("record-db", "keys-db", "temporal-db")
    for one, other in combinations(databases, 2):
        assert not networks(one) & networks(other)
    for service in databases:
        assert "ports" not in SERVICES[service]
        for network in networks(service):
            assert load()["networks"][network] == {"internal": True}


def test_only_polder_reaches_the_record() -> None:
    """On the record's network are the record and Polder's own processes."""
    there = {name for name in SERVICES if networks(name) & networks("record-db")}
    assert there == {*filter(networks, OURS), "record-db", "record-roles"}


def test_workers_do_not_own_the_record() -> None:
    """Only the two services that set the record up have its owner's password."""
    known = who_has("POLDER_DB_PASSWORD")
    assert known == {"record-db", "migrate", "record-roles"}


def test_the_keys_are_apart_from_what_they_open() -> None:
    """Server, files and passwords of the keys are others than those of the record."""
    there = {name for name in SERVICES if networks(name) & networks("keys-db")}
    assert there == {*filter(networks, OURS), "keys-db", "keys-roles"}
    assert not {*SERVICES["keys-db"]["volumes"]} & {*SERVICES["record-db"]["volumes"]}
    known = who_has("POLDER_KEYS_DB_PASSWORD")
    assert known == {"keys-db", "migrate", "keys-roles"}


def test_the_api_logs_in_for_itself_and_nobody_else_does() -> None:
    """Its two passwords are known where its login is made, and it knows no other."""
    assert who_has("POLDER_API_PASSWORD") == {"record-roles", "api"}
    assert who_has("POLDER_API_KEYS_PASSWORD") == {"keys-roles", "api"}
    assert {name for name in PASSWORDS if "api" in who_has(name)} == {
        "POLDER_API_PASSWORD",
        "POLDER_API_KEYS_PASSWORD",
    }
    given = SERVICES["api"]["environment"]
    for address in (given["DATABASE_URL"], given["KEYS_DATABASE_URL"]):
        assert address.startswith(f"postgresql://{LOGIN}@")


def test_who_opens_the_door_has_no_key_of_the_log() -> None:
    """The API reads the desk's key and can't change it; the log's is not there."""
    assert SERVICES["api"]["volumes"] == ["desk-key:/desk-key:ro"]
    given = SERVICES["api"]["environment"]
    assert given["POLDER_DESK_KEY"] == "/desk-key/desk.key"
    assert not {"POLDER_LOG_KEY", "SMTP_URL"} & {*given}
    signing = {n for n in OURS if "log-key:/keys" in SERVICES[n].get("volumes", [])}
    assert signing == {"worker", "polder"}


def test_all_say_the_same_of_where_we_are() -> None:
    """Where a link or an event leads is where the API expects its visitors to be."""
    there = "https://polder.example.org"
    told = load(REQUIRED | {"POLDER_URL": there})["services"]
    for name in ("worker", "api", "polder"):
        assert told[name]["environment"]["POLDER_URL"] == there


def test_where_people_log_in_is_told_to_who_opens_the_door() -> None:
    """All that the process reads of it, and nothing where nothing was said."""
    asked = re.findall(r"POLDER_OIDC_[A-Z_]+", inspect.getsource(settings))
    there = {name: f"/oidc/{name.lower()}" for name in asked}
    told = load(REQUIRED | there)["services"]
    assert there.items() <= told["api"]["environment"].items()
    bare = SERVICES["api"]["environment"]
    assert {bare[name] for name in asked} == {""}
    for name in OURS - {"api"}:
        assert not {*asked} & {*told[name].get("environment", {})}


@pytest.mark.parametrize("name", sorted(OURS))
def test_our_processes_have_no_rights(name: str) -> None:
    """None is root or can become it, and none writes but in a volume or in memory."""
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not {"user", "privileged", "cap_add", "pid", "ipc"} & {*service}
    recipe = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert re.findall(r"^USER (.+)$", recipe, re.MULTILINE) == ["polder"]


def test_what_is_mounted_is_the_account_s_own() -> None:
    """A new volume has its owner from the image, so each place is made there."""
    recipe = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    made = re.search(r"install --directory --owner=polder --mode=700 (.+)", recipe)
    assert made
    mounts = [m for name in OURS for m in SERVICES[name].get("volumes", [])]
    assert {mount.split(":")[1] for mount in mounts} == set(made[1].split())


def test_ports_are_published_to_this_machine_only() -> None:
    """Nothing listens for the outside world: Temporal and its UI have no login."""
    published = [port for each in SERVICES.values() for port in each.get("ports", [])]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_the_ui_only_looks() -> None:
    """Temporal's UI can't signal, reset or end a dialogue past the record."""
    settings = SERVICES["temporal-ui"]["environment"]
    assert settings["TEMPORAL_DISABLE_WRITE_ACTIONS"] == "true"


def test_search_attributes_are_those_of_the_workflow() -> None:
    """What is registered is what dialogues set, by name and type."""
    asked = iter(SERVICES["search-attributes"]["command"])
    named = {
        name.removeprefix("--name="): kind.removeprefix("--type=")
        for name, kind in zip(asked, asked, strict=True)
    }
    types = {IndexedValueType.KEYWORD: "Keyword", IndexedValueType.DATETIME: "Datetime"}
    keys: tuple[Any, ...] = KEYS
    assert named == {key.name: types[key.indexed_value_type] for key in keys}


def test_images_are_of_one_version() -> None:
    """Each image names its version, and Temporal's is the one of the cluster suite."""
    images = {each["image"] for each in SERVICES.values() if "build" not in each}
    assert all(re.search(r":\d+\.\d+(\.\d+)?$", image) for image in images), images
    module = (ROOT / "cluster" / "go.mod").read_text(encoding="utf-8")
    version = re.search(r"go\.temporal\.io/server v([\d.]+)", module)
    assert version
    tags = {i.partition(":")[2] for i in images if re.search("server|admin-tools", i)}
    assert tags == {version[1]}


def test_temporal_has_connections_enough() -> None:
    """Its four roles may fill all their pools, and an operator still gets in."""
    settings = SERVICES["temporal"]["environment"]
    pools = int(settings["SQL_MAX_CONNS"]) + int(settings["SQL_VIS_MAX_CONNS"])
    most = int(SERVICES["temporal-db"]["command"][-1].partition("=")[2])
    assert 4 * pools + 10 <= most


def test_what_is_waited_for_can_come() -> None:
    """Who is to be healthy has a health check; who is to end is not started again."""
    for name, service in SERVICES.items():
        for other, wait in service.get("depends_on", {}).items():
            target = SERVICES[other]
            if wait["condition"] == "service_healthy":
                assert "healthcheck" in target, f"{name} waits for {other}"
            else:
                assert wait["condition"] == "service_completed_successfully"
                assert target["restart"] == "no", f"{name} waits for {other}"


def test_what_is_named_is_declared() -> None:
    """Every network and volume in use is declared, and every declared one is used."""
    document = load(REQUIRED)
    assert set().union(*map(networks, SERVICES)) == set(document["networks"])
    mounts = [m for each in SERVICES.values() for m in each.get("volumes", [])]
    named = {m.partition(":")[0] for m in mounts if not m.startswith(".")}
    assert named == set(document["volumes"])
    for mount in mounts:
        if mount.startswith("."):
            assert (ROOT / mount.partition(":")[0]).is_file(), mount


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$$HOME", "$HOME"),
        ("${A}", "1"),
        ("${EMPTY:-x}", "x"),
        ("${A:-x}", "1"),
        ("a$A-b", "a1-b"),
    ],
)
def test_interpolation(text: str, expected: str) -> None:
    """The reader of these tests fills in variables as the specification says."""
    assert interpolate(text, {"A": "1", "EMPTY": ""}) == expected
