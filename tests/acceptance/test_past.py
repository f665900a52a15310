"""The past on the command line, as an auditor types it against a real record."""

from __future__ import annotations

import asyncio
import csv
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest

from tests.cli.running import Said, polder, settings
from tests.desk.sealed import WHY, Town, town

PARK = "gemeente-waterdam:parkzicht"


@dataclass
class Auditor:
    """Somebody at a terminal, with a directory to write in."""

    played: Town
    database: str
    here: Path
    name: str = "a-1"

    async def types(self, *words: str, code: int = 0, lang: str = "nl") -> Said:
        """Type `polder audit …`; it must end with this code."""
        told = settings(
            DATABASE_URL=self.database,
            POLDER_HOME=str(self.here / "home"),
            POLDER_LANG=lang,
            POLDER_AS=self.name,
        )
        said = await asyncio.to_thread(
            polder, "audit", *words, environment=told, cwd=self.here
        )
        assert said.code == code, said
        return said


@pytest.fixture
async def auditor(database: str, tmp_path: Path) -> AsyncGenerator[Auditor]:
    """At a sealed record with one dialogue, which was paused after it was sealed."""
    async with town(database, tmp_path / "log") as played:
        play = await played.dialogue()
        await played.seal(publish=True)
        await played.pauses(play)
        yield Auditor(played, database, tmp_path)


async def test_an_auditor_looks_back_compares_and_is_on_record(
    auditor: Auditor,
) -> None:
    """In Dutch, with what covers each answer, and all of it in the log of reads."""
    shown = await auditor.types("as-of", PARK, "--seq", "3")
    assert "Zoals het was na gebeurtenis 3, van ma 23 nov 2026 10.03." in shown.out
    assert "Gedekt door het gepubliceerde ijkpunt van" in shown.out
    assert "polder/waterdam" in shown.out
    assert "dialogue complete" not in shown.out
    late = await auditor.types("as-of", PARK, "--at", "2026-12-24")
    assert "Nog niet verzegeld: geen ijkpunt dekt gebeurtenis 5." in late.out
    given = (await auditor.types("as-of", PARK, "--seq", "4", "--json")).document
    assert (given["seq"], given["state"]["version"]) == (4, 4)
    assert given["checkpoint"]["published"]
    diff = await auditor.types("diff", PARK, "2", "4")
    assert "stap ‘" in diff.out
    assert "aandachtspunt ‘" in diff.out
    assert "› stand" in diff.out
    assert "› status" not in diff.out
    changes = (await auditor.types("diff", PARK, "4", "--json")).document["changes"]
    assert {"path": "/status", "kind": "changed", "before": "running"}.items() <= next(
        each for each in changes if each["path"] == "/status"
    ).items()
    reads = (await auditor.types("reads", "--json")).document["reads"]
    assert [(r["who"], r["what"]) for r in reads] == [
        *[("a-1", "diff")] * 2,
        *[("a-1", "as-of")] * 3,
    ]
    told = await auditor.types("reads", PARK, "--by", "a-1", "--limit", "1")
    assert "diff" in told.out
    assert "as-of" not in told.out


async def test_an_export_can_be_checked_with_what_everybody_has(
    auditor: Auditor,
) -> None:
    """A CSV, beside it where it comes from, and the SHA-256 that sha256sum gives."""
    words = ("export", PARK, "--format", "csv", "--out", "x.csv")
    said = await auditor.types(*words)
    assert "4 gebeurtenissen, binnen het ijkpunt van" in said.out
    body = (auditor.here / "x.csv").read_bytes()
    noted = json.loads((auditor.here / "x.csv.provenance.json").read_text("utf-8"))
    assert noted["file"]["sha256"] == sha256(body).hexdigest()
    assert noted["by"] == "a-1"
    rows = list(csv.DictReader(body.decode("utf-8-sig").splitlines()))
    assert [row["type"] for row in rows][-1] == "items_waived"
    again = noted["query"].split()[2:]
    await auditor.types(*again, "--out", "y.csv")
    assert (auditor.here / "y.csv").read_bytes() == body


async def test_every_format_can_be_asked_for(auditor: Auditor) -> None:
    """The same block for each, and headings in the reader's language in XLSX."""
    digests: set[str] = set()
    for form in ("xlsx", "ocel-json", "ocel-sqlite", "cloudevents", "jsonl"):
        out = ("--format", form, "--out", f"x.{form}", "--json")
        made = (await auditor.types("export", "gemeente-waterdam", *out)).document
        digests.add(made["rowsSha256"])
        assert made["rows"] == 4
    assert len(digests) == 1


async def test_who_gives_no_name_is_on_record_as_nobody(auditor: Auditor) -> None:
    """And opens nothing that somebody else's role is needed for."""
    auditor.name = ""
    await auditor.types("sample", PARK, "--size", "1")
    words = ("export", PARK, "--open", "--format", "csv", "--out", "x.csv")
    await auditor.types(*words, code=4)
    reads = (await auditor.types("reads", "--json")).document["reads"]
    assert [(read["who"], read["what"]) for read in reads] == [("unnamed", "sample")]


async def test_private_texts_are_for_whoever_may_read_them(auditor: Auditor) -> None:
    """An auditor is refused; the director gets them, marked in the log of reads."""
    words = ("export", PARK, "--open", "--format", "jsonl", "--out", "x.jsonl")
    refused = await auditor.types(*words, "--json", code=4)
    assert refused.document["error"]["name"] == "NotEntitled"
    assert not (auditor.here / "x.jsonl").exists()
    await auditor.types(*words, "--as", "p-1")
    assert WHY in (auditor.here / "x.jsonl").read_text("utf-8")
    reads = await auditor.types("reads")
    assert "met privéteksten" in reads.out


async def test_a_sample_says_how_to_draw_it_again(auditor: Auditor) -> None:
    """The command it names draws the same."""
    first = await auditor.types("sample", "--all", "--size", "2", "--json")
    query = first.document["query"]
    assert f"--checkpoint {first.document['checkpoint']['size']}" in query
    again = await auditor.types(*query.split()[2:], "--json")
    assert again.document == first.document
    page = await auditor.types("sample", PARK, "--size", "1")
    assert "Om het over te doen:" in page.out


WRONG: list[tuple[list[str], int, str]] = [
    (["as-of", PARK], 2, "--seq"),
    (["as-of", PARK, "--seq", "1", "--at", "2026-12-01"], 2, "één keer"),
    (["as-of", PARK, "--seq", "9"], 3, "heeft geen gebeurtenis 9"),
    (["as-of", PARK, "--checkpoint", "999"], 3, "geen ijkpunt van grootte 999"),
    (["as-of", "gemeente-waterdam:nergens", "--seq", "1"], 3, "nergens"),
    (["diff", PARK, "toen"], 2, "toen is geen moment"),
    (["sample", "--size", "1"], 2, "--all"),
    (["sample", PARK, "--all", "--size", "1"], 2, "--all"),
    (["sample", PARK, "--size", "1", "--mandate", "x"], 2, "ORG/NUMMER"),
    (["export", PARK, "--format", "pdf", "--out", "x"], 2, "cloudevents"),
    (["export", PARK, "--format", "csv", "--out", "no/x"], 2, "no/x"),
]


async def test_wrong_use_says_what_is_right(auditor: Auditor) -> None:
    """With the exit code of the contract, in Dutch."""
    for words, code, said in WRONG:
        assert said in (await auditor.types(*words, code=code)).err
