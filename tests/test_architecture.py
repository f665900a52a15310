"""The arrows between packages, and what each may lean on, are a table that holds."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

Names = frozenset[str]


@dataclass(frozen=True)
class Row:
    """What a package may import: of the project, from outside, and what it may not."""

    ours: Names = frozenset()
    theirs: Names = frozenset()
    banned: Names = frozenset()


def row(ours: str = "", theirs: str = "", banned: str = "") -> Row:
    """A row of the table; each column is words with spaces between."""
    return Row(*(frozenset(column.split()) for column in (ours, theirs, banned)))


PURE = "asyncio os random secrets socket subprocess time uuid.uuid1 uuid.uuid4"
"""The core has no clock, no chance and no machine, so no module that gives them.

What is asked of a class, such as `datetime.now`, is for the lint rule to see.
"""

TABLE = {
    "domain": row(theirs="pydantic", banned=f"{PURE} io pathlib"),
    "evidence": row(theirs="cryptography rfc8785", banned=PURE),
    "language": row(),
    "observing": row(theirs="opentelemetry prometheus_client structlog temporalio"),
    "workflows": row("activities.contracts domain evidence", "pydantic temporalio"),
    "activities": row(
        "domain evidence exports.cloudevents language observing storage",
        "aiohttp aiosmtplib cryptography joserfc pydantic rfc3161_client structlog "
        "temporalio",
    ),
    "storage": row("domain evidence", "cryptography psycopg psycopg_pool pydantic"),
    "servers": row(theirs="aiosmtpd psutil psycopg pydantic temporalio"),
    "calendars": row("domain evidence", "holidays pydantic yaml"),
    "methods": row("domain evidence", "pydantic yaml"),
    "exports": row("evidence", "xlsxwriter"),
    "desk": row(
        "activities.contracts activities.reach calendars domain evidence exports "
        "language methods observing storage workflows",
        "joserfc pydantic structlog temporalio",
    ),
    "examples": row(
        "desk domain language methods servers storage workflows",
        "psycopg pydantic temporalio yaml",
    ),
    "api": row(
        "desk domain evidence language observing",
        "fastapi pydantic starlette structlog uvicorn",
    ),
    "pages": row(
        "api desk domain evidence language methods observing",
        "authlib fastapi httpx jinja2 joserfc markupsafe pydantic starlette structlog",
    ),
    "cli": row(
        "api desk examples language observing pages polder_client servers",
        "pydantic rich typer",
    ),
    "polder_client": row(theirs="httpx pydantic"),
    "workers": row(
        "activities desk domain observing storage workflows", "structlog temporalio"
    ),
}
"""Who may import what besides the standard library.

pydantic stands wherever the domain's models are made or refused; `activities.contracts`
is names and payloads without I/O, for whoever sends them.
"""

ANYTHING = {"benchmarks", "bin", "cluster", "tests", "worker"}
"""May import anything, and none of the packages above may import them."""

MAP = ROOT / "docs" / "ARCHITECTURE.md"
"""The document whose table is this one."""


@dataclass(frozen=True)
class Imports:
    """What one module imports: dotted names as written, with where."""

    module: str
    path: Path
    names: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])


def packages() -> Iterator[str]:
    """The project's top-level packages and modules that hold Python code."""
    for path in sorted(ROOT.iterdir()):
        hidden = path.name.startswith((".", "_"))
        if path.is_dir() and not hidden and any(path.rglob("*.py")):
            yield path.name
        elif path.suffix == ".py":
            yield path.stem


def modules(package: str) -> Iterator[Path]:
    """The Python files of a top-level package or module."""
    single = ROOT / f"{package}.py"
    yield from [single] if single.exists() else sorted((ROOT / package).rglob("*.py"))


def imports(path: Path) -> Imports:
    """Every import of a file, also those inside functions and under TYPE_CHECKING."""
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    inside = parts if path.name == "__init__.py" else parts[:-1]
    found = Imports(".".join(parts), path)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.names.extend((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = inside[: len(inside) - node.level + 1] if node.level else []
            start = ".".join([*base, *([node.module] if node.module else [])])
            found.names.extend(
                (node.lineno, f"{start}.{alias.name}") for alias in node.names
            )
        elif isinstance(node, ast.Call) and (name := named_at_run_time(node)):
            found.names.append((node.lineno, name))
    return found


def named_at_run_time(call: ast.Call) -> str | None:
    """The module that a call such as `import_module("a.b")` imports, or None."""
    called = ast.unparse(call.func).rpartition(".")[2]
    if called not in {"import_module", "__import__"} or not call.args:
        return None
    named = call.args[0]
    return str(named.value) if isinstance(named, ast.Constant) else None


def mapped() -> dict[str, set[str]]:
    """What each place in the document's table may import, as its last cell says."""
    text = MAP.read_text(encoding="utf-8")
    lines = (line.split("|")[1:-1] for line in text.splitlines() if "|" in line)
    rows = [[cell.strip() for cell in line] for line in lines if len(line) == 3]
    return {
        place.strip("`").removesuffix("/").removesuffix(".py"): {
            name.strip("` ") for name in allowed.split(",")
        }
        for place, _, allowed in rows
        if place.startswith("`")
    }


def covers(allowed: Names, name: str) -> bool:
    """Whether a name, or a package that it is in, is in a set of names."""
    parts = name.split(".")
    return any(".".join(parts[:end]) in allowed for end in range(1, len(parts) + 1))


def offences(package: str, rule: Row) -> Iterator[str]:
    """Every import of a package that its row does not allow."""
    ours = {*TABLE, *ANYTHING}
    for path in modules(package):
        for line, name in imports(path).names:
            top = name.partition(".")[0]
            where = f"{path.relative_to(ROOT)}:{line} imports {name}"
            if covers(rule.banned, name):
                yield f"{where}, which {package} may not use"
            elif top in sys.stdlib_module_names or top == package:
                continue
            elif top in ours and not covers(rule.ours, name):
                yield f"{where}: no arrow from {package} to {top}"
            elif top not in ours and top not in rule.theirs:
                yield f"{where}: {package} does not lean on {top}"


def reach(package: str, only: str = "") -> dict[str, list[str]]:
    """Every outside package that one leans on, with the way there.

    From all its own files, or from the `only` one.

    Arrows are followed through the modules that are really imported, so that
    `activities.contracts` does not stand for all of `activities`.
    """
    found: dict[str, list[str]] = {}
    own = [ROOT / only] if only else modules(package)
    todo = [(path, [package]) for path in own if path.exists()]
    seen: set[Path] = set()
    while todo:
        path, way = todo.pop()
        if path in seen:
            continue
        seen.add(path)
        for _, name in imports(path).names:
            top = name.partition(".")[0]
            todo.extend((target, [*way, name]) for target in project_files(name))
            if top not in sys.stdlib_module_names and top not in TABLE:
                found.setdefault(top, [*way, name])
    return found


def project_files(name: str) -> Iterator[Path]:
    """The project's files that run when a dotted name is imported."""
    parts = name.split(".")
    if parts[0] not in TABLE:
        return
    for end in range(1, len(parts) + 1):
        place = ROOT.joinpath(*parts[:end])
        for path in (place / "__init__.py", place.with_suffix(".py")):
            if path.exists():
                yield path


@pytest.mark.parametrize("package", TABLE)
def test_a_package_imports_only_what_its_row_allows(package: str) -> None:
    """Each import of a package is an arrow of the table, or a library of its row."""
    assert list(offences(package, TABLE[package])) == []


@pytest.mark.parametrize("package", ["domain", "evidence", "workflows"])
def test_what_runs_in_a_workflow_reaches_no_io(package: str) -> None:
    """No way through the project's own modules leads from a workflow to I/O."""
    allowed = {"cryptography", "pydantic", "rfc8785", "temporalio"}
    found = reach(package)
    assert {top: found[top] for top in found.keys() - allowed} == {}


def test_the_core_reaches_pydantic_alone() -> None:
    """By no way at all does the core lean on anything but pydantic."""
    assert set(reach("domain")) <= {"pydantic"}


def test_every_top_level_package_has_a_row() -> None:
    """A package that the table does not know has no arrows, so it may not exist."""
    assert set(packages()) == {*TABLE, *ANYTHING}


def test_the_map_says_the_same() -> None:
    """The table of docs/ARCHITECTURE.md has these places, with these arrows."""
    told = mapped()
    assert set(told) == {*TABLE, *ANYTHING}
    for package, rule in TABLE.items():
        assert told[package] == ({*rule.ours, *rule.theirs} or {"nothing"}), package
    for package in ANYTHING:
        assert told[package] == {"anything"}, package


def test_an_arrow_hidden_in_a_call_is_seen() -> None:
    """What is imported by a name in a string is an import like any other."""
    call = ast.parse('importlib.import_module("examples.demo")', mode="eval").body
    assert isinstance(call, ast.Call)
    assert named_at_run_time(call) == "examples.demo"


@pytest.mark.parametrize("contract", ["__init__.py", "log.py"])
def test_the_contracts_reach_no_io(contract: str) -> None:
    """The names and payloads of activities may be known everywhere: they are bare."""
    allowed = {"pydantic", "rfc8785", "cryptography", "temporalio"}
    found = reach("activities", f"activities/contracts/{contract}")
    assert {top: found[top] for top in found.keys() - allowed} == {}


def test_nobody_imports_the_composition_root() -> None:
    """`worker.py` puts everything together, and nothing but tests knows it."""
    importers = [
        f"{path.relative_to(ROOT)}:{line}"
        for package in TABLE
        for path in modules(package)
        for line, name in imports(path).names
        if name.partition(".")[0] == "worker"
    ]
    assert importers == []
