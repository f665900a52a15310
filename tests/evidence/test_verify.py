"""Each lie has its verdict, and each finding names the event and the check."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from evidence.canonical import canonical, parse
from evidence.checkpoint import Checkpoint, sign_checkpoint
from evidence.event import commitment, event_hash
from evidence.note import (
    COSIGNATURE,
    Signature,
    add_signatures,
    parse_note,
    sign_note,
    verifier_key,
)
from evidence.pack import FORMAT, Contents, Opening, write_pack, write_zip
from evidence.verify import Report, examine, read_keys
from tests.evidence.logs import (
    CONTENTS,
    KEY,
    LOG,
    ORIGIN,
    OTHER,
    PACK,
    STRANGER,
    STREAM,
    VKEY,
    Log,
    files_of,
    refitted,
    reissued,
    small_log,
    with_lines,
    with_value,
)


def verdict(pack: bytes, **trust: Any) -> int:  # noqa: ANN401 - as examine takes them
    """Return the verdict of somebody who has the log's key."""
    return examine(pack, [VKEY], **trust).verdict


def found(report: Report) -> set[tuple[int | None, str]]:
    """Return place and check of each failure."""
    return {(one.seq, one.check) for one in report.failures}


def lies(pack: bytes) -> set[tuple[int | None, str]]:
    """Return what is found in a pack that is not sound."""
    report = examine(pack, [VKEY])
    assert report.verdict == 1
    return found(report)


def packed(contents: Contents) -> bytes:
    """Return a pack of contents that the issuer changed."""
    return write_pack(contents, KEY)


def test_a_sound_pack_is_sound() -> None:
    """What the log wrote verifies, and the report accounts for every private field."""
    report = examine(PACK, [VKEY])
    assert (report.verdict, report.failures, report.undecided) == (0, [], [])
    told = report.as_json()
    assert told["private"] == {"opened": 2, "withheld": 0, "erased": 1}
    assert told["erased"] == [{"seq": 2, "path": "/who/0", "by": 5}]
    assert told["checkpoint"]["size"] == 13
    assert told["stream"] == STREAM


# Events.


def test_a_changed_event_breaks_the_chain_and_its_proof() -> None:
    """A value changed in the middle shows there, and at the next event."""
    bodies = list(CONTENTS.bodies)
    bodies[0] = bodies[0].replace(b"Parkzicht", b"Parkrand")
    checks = lies(packed(replace(CONTENTS, bodies=bodies)))
    assert checks == {(2, "prev"), (1, "proof")}


def test_a_missing_event_is_found() -> None:
    """Leaving one out of the middle, with its proof, is found by number and link."""
    bodies, places = list(CONTENTS.bodies), list(CONTENTS.places)
    del bodies[2], places[2]
    checks = lies(packed(replace(CONTENTS, bodies=bodies, places=places)))
    assert (3, "seq") in checks
    assert (None, "head") in checks


def test_swapped_events_are_found() -> None:
    """Two events that change places are found by number, link and place in the log."""
    bodies, places = list(CONTENTS.bodies), list(CONTENTS.places)
    bodies[2:4], places[2:4] = bodies[3:1:-1], places[3:1:-1]
    checks = lies(packed(replace(CONTENTS, bodies=bodies, places=places)))
    assert (3, "seq") in checks
    assert (4, "proof") in checks


def test_a_tail_left_out_is_found_by_the_census() -> None:
    """A pack without the last event is well chained, and the census knows better."""
    shorter = replace(
        CONTENTS, bodies=CONTENTS.bodies[:-1], places=CONTENTS.places[:-1]
    )
    assert lies(packed(shorter)) == {(None, "head")}


def test_an_older_census_does_not_hide_the_tail() -> None:
    """With the census of the checkpoint before, the tail is still missed: a census
    must be the last leaf of the checkpoint.
    """
    log = small_log()
    older = small_log_until_second().contents()
    bodies = older.bodies
    mixed = replace(
        log.contents(),
        bodies=bodies,
        places=log.contents().places[: len(bodies)],
        census=replace_census(older.census, log),
        openings=[one for one in log.contents().openings if one.seq <= len(bodies)],
        withheld=[(2, "/who/0")],
    )
    assert lies(packed(mixed)) == {(None, "census")}


def small_log_until_second() -> Log:
    """Return the small log as it was at its second checkpoint."""
    log = Log()
    log.record("polder:log", "log_started", {})
    log.record(STREAM, "dialogue_started", {"title": "Parkzicht, één wijk"})
    log.record(OTHER, "dialogue_started", {"title": "Elders"})
    reasons = {"/reason": "De zaal was niet vrij.", "/who/0": "J. de Vries"}
    data = {"reason": None, "who": [None], "n": 1}
    log.record(STREAM, "items_waived", data, reasons)
    log.publish()
    log.record(STREAM, "items_completed", {"items": ["opdracht.aanleiding"]})
    log.record(OTHER, "items_completed", {"items": ["opdracht.scope"]})
    log.record(STREAM, "response_recorded", {"text": None}, {"/text": {"é": [1, True]}})
    log.publish()
    return log


def replace_census(census: Any, log: Log) -> Any:  # noqa: ANN401 - a Census
    """Return an older census, placed in a newer log."""
    return census._replace(place=log.included(census.place.leaf_index))


def test_an_old_pack_is_sound_until_a_newer_checkpoint_is_shown() -> None:
    """A whole older pack verifies; who has a newer checkpoint knows it is not all."""
    older = small_log_until_second()
    pack = write_pack(older.contents(), KEY)
    assert verdict(pack) == 0
    assert verdict(pack, since=LOG.published[13]) == 6


def test_an_event_of_another_stream_is_found() -> None:
    """A pack under another name than its events is not sound."""
    report = lies(packed(replace(CONTENTS, stream=OTHER)))
    assert (1, "stream") in report
    assert (None, "head") in report


def test_an_event_that_is_not_canonical_is_found() -> None:
    """The same value in other bytes is another event."""
    bodies = list(CONTENTS.bodies)
    bodies[1] = bodies[1].replace(b'{"actor"', b'{ "actor"', 1)
    assert (2, "canonical") in lies(packed(replace(CONTENTS, bodies=bodies)))


# Versions.


def version_two(contents: Contents, place: int = 5) -> Contents:
    """Return contents in which one event, the last, says that it is of version 2."""
    bodies = list(contents.bodies)
    bodies[place] = bodies[place].replace(b'"v":1', b'"v":2')
    return replace(contents, bodies=bodies)


def test_an_event_of_an_unknown_version_cant_be_decided() -> None:
    """What this program does not know it neither accuses nor vouches for."""
    for place in (2, 5):
        report = examine(packed(version_two(CONTENTS, place)), [VKEY])
        assert (report.verdict, report.failures) == (6, [])
        assert [(one.seq, one.check) for one in report.undecided] == [
            (place + 1, "version")
        ]


def test_a_failure_beats_what_cant_be_decided() -> None:
    """With an unknown version and a changed event, the pack is not sound."""
    contents = version_two(CONTENTS)
    bodies = list(contents.bodies)
    bodies[0] = bodies[0].replace(b"Parkzicht", b"Parkrand")
    assert verdict(packed(replace(contents, bodies=bodies))) == 1
    assert examine(packed(replace(contents, bodies=bodies)), []).verdict == 1


def test_an_unknown_format_cant_be_decided() -> None:
    """A pack of another format, vouched for by its issuer, can't be judged."""
    assert verdict(reissued(files_of(), format="polder-pack/2")) == 6
    files = refitted(files_of(), format="polder-pack/2")
    assert verdict(write_zip(files)) == 1


# Keys.


def test_without_a_key_nothing_is_decided() -> None:
    """With no key the verdict is 6; a lie is found all the same."""
    assert examine(PACK, []).verdict == 6
    assert examine(write_zip(refitted(files_of(), created_by="a-2")), []).verdict == 1


def test_another_key_is_not_sound() -> None:
    """A pack by a key that the reader does not know is not sound, however well made."""
    stranger = str(verifier_key(ORIGIN, STRANGER))
    assert examine(PACK, [stranger]).verdict == 1
    theirs = small_log_by(STRANGER)
    pack = write_pack(theirs.contents(), STRANGER)
    assert examine(pack, [stranger]).verdict == 0
    assert (None, "key") in lies(pack)
    swapped = {**files_of(pack), "log.vkey": f"{VKEY}\n".encode()}
    assert {(None, "issuer"), (None, "checkpoint")} <= lies(reissued(swapped, STRANGER))


def small_log_by(key: Ed25519PrivateKey) -> Log:
    """Return a log of one dialogue, signed by a key."""
    log = Log(key)
    log.record(STREAM, "dialogue_started", {"title": "Parkzicht"})
    log.publish()
    return log


def test_a_rotated_key_is_one_of_those_given() -> None:
    """A reader with the keys of before and after accepts both."""
    other = str(verifier_key(ORIGIN, STRANGER))
    pack = write_pack(small_log_by(STRANGER).contents(), STRANGER)
    assert examine(PACK, [VKEY, other]).verdict == 0
    assert examine(pack, [VKEY, other]).verdict == 0


def test_the_issuer_signs_once_and_this_manifest() -> None:
    """A note over another manifest, with two signatures, or of a stranger: no pack."""
    files = files_of()
    note = files["pack.note"]
    text = parse_note(note).text
    twice = add_signatures(
        note, parse_note(sign_note(text, "x", STRANGER)).signatures[0].line().encode()
    )
    for forged in (
        twice,
        sign_note(text, ORIGIN, STRANGER),
        sign_note(text, "polder/other", KEY),
        sign_note(f"{FORMAT}\n{'0' * 64}\n", ORIGIN, KEY),
        sign_note(text + "more\n", ORIGIN, KEY),
        note + b"\n",
        b"",
    ):
        assert examine(write_zip({**files, "pack.note": forged}), [VKEY]).verdict == 1


# The log.


def test_a_proof_of_something_else_is_found() -> None:
    """A proof that is cut, lengthened, swapped or moved is no proof."""

    def spoil(change: Callable[[list[Any]], Any]) -> set[tuple[int | None, str]]:
        def changed(proofs: list[Any]) -> list[Any]:
            change(proofs)
            return proofs

        return lies(reissued(with_lines("proofs.jsonl", changed)))

    assert spoil(lambda p: p[1]["proof"].pop()) == {(2, "proof")}
    assert spoil(lambda p: p[1]["proof"].append(p[0]["proof"][0])) == {(2, "proof")}
    assert spoil(lambda p: p[1]["proof"].reverse()) == {(2, "proof")}
    assert spoil(lambda p: p[1].update(leaf_index=4)) == {(2, "proof")}
    assert spoil(lambda p: p[5].update(leaf_index=12)) == {(6, "proof")}
    assert spoil(lambda p: p[1].update(leaf_index=1)) == {(2, "proof")}
    assert spoil(lambda p: p[1].update(leaf_index=-1)) == {(2, "malformed")}
    assert spoil(lambda p: p[1].update(leaf_index=True)) == {(2, "malformed")}
    assert spoil(lambda p: p[1].update(seq=3)) == {(2, "malformed")}
    assert spoil(lambda p: p[1].update(extra=3)) == {(2, "malformed")}
    assert spoil(lambda p: p[1].update(proof="")) == {(2, "malformed")}
    assert spoil(lambda p: p[1]["proof"].append("AAAA")) == {(2, "malformed")}
    assert spoil(lambda p: p[1]["proof"].append(7)) == {(2, "malformed")}
    assert spoil(lambda p: p.pop()) == {(None, "proof")}


@pytest.mark.parametrize(
    ("members", "check"),
    [
        ({"leaf_index": 11}, "census"),
        ({"head_index": 0}, "census"),
        ({"head_index": -1}, "malformed"),
        ({"head_proof": []}, "census"),
        ({"proof": []}, "census"),
        ({"head": [STREAM, 6]}, "malformed"),
        ({"head": [STREAM, 5, "ab" * 32]}, "census"),
        ({"head": {"stream": STREAM}}, "malformed"),
        ({"event": []}, "malformed"),
        ({"event": {}}, "malformed"),
        ({"extra": 1}, "malformed"),
    ],
)
def test_a_census_of_something_else_is_found(
    members: dict[str, Any], check: str
) -> None:
    """Each part of the census is held to the checkpoint and to the pack."""
    assert lies(reissued(with_value("census.json", **members))) == {(None, check)}


def test_another_event_is_no_census() -> None:
    """An event that says what a census says, elsewhere or otherwise, is none."""
    census = json.loads(files_of()["census.json"])
    for members in (
        {"type": "census"},
        {"stream": STREAM},
        {"data": {**census["event"]["data"], "events": 11}},
        {"data": {**census["event"]["data"], "streams": 0}},
        {"data": {**census["event"]["data"], "more": 1}},
        {"at": "2026-11-21T09:30:00.000000Z"},
    ):
        event = {**census["event"], **members}
        assert lies(reissued(with_value("census.json", event=event))) == {
            (None, "census")
        }
    event = {**census["event"], "v": 2}
    assert verdict(reissued(with_value("census.json", event=event))) == 6


def test_the_checkpoint_is_the_one_announced_and_signed() -> None:
    """Another checkpoint than pack.json names, or one not by the log, is found."""
    files = files_of()
    point = CONTENTS.checkpoint
    for note in (
        sign_checkpoint(point, STRANGER),
        sign_checkpoint(point._replace(size=14), KEY),
        sign_checkpoint(point._replace(root=bytes(32)), KEY),
        sign_checkpoint(point._replace(origin="polder/other"), KEY),
        sign_note(point.text(), "polder/other", KEY),
        files["checkpoint.txt"][:-1],
        LOG.published[5],
    ):
        checks = lies(reissued({**files, "checkpoint.txt": note}))
        assert (
            (None, "checkpoint") in checks
            or (None, "signature") in checks
            or (
                None,
                "malformed",
            )
            in checks
        )


# Consistency.


def test_the_proofs_from_older_checkpoints_are_checked() -> None:
    """A proof that can't be one is found without the older checkpoint."""

    def spoil(change: Callable[[list[Any]], Any]) -> set[tuple[int | None, str]]:
        def changed(proofs: list[Any]) -> list[Any]:
            change(proofs)
            return proofs

        return lies(reissued(with_lines("consistency.jsonl", changed)))

    assert spoil(lambda p: p[0]["proof"].pop()) == {(None, "consistency")}
    assert spoil(lambda p: p[0]["proof"].reverse()) == {(None, "consistency")}
    assert spoil(lambda p: p.reverse()) == {(None, "consistency")}
    assert spoil(lambda p: p[1].update({"from": 5})) == {(None, "consistency")}
    assert spoil(lambda p: p[1].update({"from": 14})) == {(None, "consistency")}
    assert spoil(lambda p: p[0].update({"from": 0})) == {(None, "malformed")}


def test_an_older_checkpoint_is_continued() -> None:
    """Of the same size with the same root, or smaller with a proof: sound."""
    for size in (5, 9, 13):
        report = examine(PACK, [VKEY], since=LOG.published[size])
        assert report.verdict == 0
        assert report.as_json()["since"] == size


def test_an_older_checkpoint_of_another_log_is_found() -> None:
    """A root that the log never had, at any size, is not sound."""
    for size in (5, 9, 13):
        point = Checkpoint(ORIGIN, size, bytes(32))
        report = examine(PACK, [VKEY], since=sign_checkpoint(point, KEY))
        assert (report.verdict, found(report)) == (1, {(None, "since")})


def test_without_a_proof_it_cant_be_decided() -> None:
    """A smaller checkpoint without a proof in the pack: 6. A larger one: 6."""
    bare = write_pack(replace(CONTENTS, consistency={}), KEY)
    assert verdict(bare) == 0
    assert verdict(bare, since=LOG.published[9]) == 6
    assert verdict(bare, since=LOG.published[13]) == 0
    for size in (7, 14, 1_000):
        note = sign_checkpoint(Checkpoint(ORIGIN, size, bytes(32)), KEY)
        assert verdict(PACK, since=note) == 6


def test_an_older_checkpoint_must_be_the_logs() -> None:
    """Signed by another key, of another log, or no checkpoint at all: not sound."""
    point = Checkpoint(ORIGIN, 5, LOG.tree.root(5))
    for note in (
        sign_checkpoint(point, STRANGER),
        sign_checkpoint(point._replace(origin="polder/other"), KEY),
        sign_checkpoint(point._replace(size=20), STRANGER),
        LOG.published[5][:-1],
        LOG.published[5].replace(b"\n5\n", b"\n6\n"),
        b"",
        b"\xff",
    ):
        assert verdict(PACK, since=note) == 1
    other = verifier_key("polder/other", STRANGER)
    note = sign_checkpoint(point._replace(origin="polder/other"), STRANGER)
    assert examine(PACK, [VKEY, str(other)], since=note).verdict == 1


def test_a_checkpoint_by_an_older_key_counts() -> None:
    """After a rotation, the old key's checkpoint is compared as any other."""
    old = str(verifier_key(ORIGIN, STRANGER))
    note = sign_checkpoint(Checkpoint(ORIGIN, 5, LOG.tree.root(5)), STRANGER)
    assert examine(PACK, [VKEY, old], since=note).verdict == 0
    assert examine(PACK, [VKEY], since=note).verdict == 1


def test_a_log_rewritten_with_a_stolen_key_is_found_by_what_was_kept() -> None:
    """Everything rewritten and signed again verifies, but not against any checkpoint
    that somebody kept.
    """
    log = Log()
    log.record("polder:log", "log_started", {})
    log.record(STREAM, "dialogue_started", {"title": "Iets anders"})
    for _ in range(2):
        log.record(OTHER, "items_completed", {})
    log.publish()
    for _ in range(3):
        log.record(STREAM, "items_completed", {})
    log.publish()
    pack = write_pack(log.contents(), KEY)
    assert verdict(pack) == 0
    assert verdict(pack, since=LOG.published[5]) == 1
    assert verdict(pack, since=LOG.published[9]) == 1


# What is private.


def test_withheld_fields_are_counted_and_sound() -> None:
    """A pack for who may not see a field verifies, and says what it did not."""
    contents = LOG.contents(withheld=[(2, "/reason")])
    report = examine(packed(contents), [VKEY])
    told = report.as_json()
    assert report.verdict == 0
    assert told["private"] == {"opened": 1, "withheld": 1, "erased": 1}
    assert told["withheld"] == [{"seq": 2, "path": "/reason"}]
    assert "1 withheld" in told["notVerified"][0]


def test_a_missing_opening_is_found() -> None:
    """Silence without an erasure is no privacy."""
    openings = [one for one in CONTENTS.openings if one.path != "/reason"]
    assert lies(packed(replace(CONTENTS, openings=openings))) == {(2, "opening")}


def test_every_private_field_is_exactly_one_thing() -> None:
    """Withheld and opened, withheld and erased, withheld twice, withheld and absent."""
    for withheld, check in [
        ([[2, "/reason"]], (2, "withheld")),
        ([[2, "/who/0"]], (2, "withheld")),
        ([[2, "/n"]], (2, "withheld")),
        ([[9, "/n"]], (9, "withheld")),
        ([["2", "/n"]], (None, "malformed")),
        ([[2]], (None, "malformed")),
        ([[True, "/n"]], (None, "malformed")),
    ]:
        assert lies(reissued(files_of(), withheld=withheld)) == {check}
    contents = LOG.contents(withheld=[(2, "/reason")])
    twice = [[2, "/reason"], [2, "/reason"]]
    pack = reissued(files_of(packed(contents)), withheld=twice)
    assert lies(pack) == {(2, "withheld")}


def test_an_opening_of_what_was_erased_is_found() -> None:
    """Who still has the value of an erased field should not."""
    before = small_log_until_second().vault[STREAM, 2, "/who/0"]
    openings = [*CONTENTS.openings, before]
    assert lies(packed(replace(CONTENTS, openings=openings))) == {(2, "opening")}


@pytest.mark.parametrize(
    "members",
    [
        {"value": "De zaal was vrij."},
        {"value": None},
        {"subject": "s-2"},
        {"salt": bytes(32)},
        {"path": "/n"},
        {"path": ""},
        {"seq": 3},
        {"seq": 0},
        {"salt": bytes(31)},
    ],
)
def test_an_opening_must_open(members: dict[str, Any]) -> None:
    """Another value, person, salt or place is not what was committed to."""
    first, *rest = sorted(CONTENTS.openings, key=lambda one: one.seq)
    spoiled = replace(CONTENTS, openings=[first._replace(**members), *rest])
    assert verdict(packed(spoiled)) == 1


def test_openings_stand_in_order_and_once() -> None:
    """Out of order, or twice, an opening is malformed."""
    files = files_of()
    first, second = files["openings.jsonl"].splitlines(keepends=True)
    for content in (second + first, first + first + second):
        checks = lies(reissued({**files, "openings.jsonl": content}))
        assert (2, "opening") in checks


def forged_erasure(data: dict[str, Any]) -> bytes:
    """Return a pack of a log in which an erasure says something odd."""
    log = Log()
    log.record(STREAM, "items_waived", {"reason": None}, {"/reason": "x"})
    log.record(STREAM, "personal_data_erased", data)
    log.record(STREAM, "items_waived", {"reason": None}, {"/reason": "y"})
    log.publish()
    return write_pack(log.contents(), KEY)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"paths": [], "digest": "0" * 16},
        {"paths": {}},
        {"paths": [[2, "/paths"]]},
        {"paths": [[3, "/reason"]]},
        {"paths": [[1, "/nothing"]]},
        {"paths": [[1]]},
        {"paths": [["1", "/reason"]]},
        {"paths": [[0, "/reason"]]},
        {"paths": ["/reason"]},
    ],
)
def test_an_erasure_names_private_fields_before_it(data: dict[str, Any]) -> None:
    """An erasure of what is no field, or not yet there, is not sound."""
    assert lies(forged_erasure(data)) == {(2, "erasure")}


def test_an_erasure_of_nothing_changes_nothing() -> None:
    """An erasure that names no field is well formed."""
    assert verdict(forged_erasure({"paths": []})) == 0


def test_a_commitment_is_as_the_page_says() -> None:
    """Salt, stream, subject and value, and nothing else, make a commitment."""
    one = Opening(1, "/x", bytes(32), "s-1", {"b": 1, "a": [None]})
    made = commitment(salt=one.salt, stream=STREAM, subject="s-1", value=one.value)
    told = b'["gemeente-waterdam:parkzicht","s-1",{"a":[null],"b":1}]'
    assert (
        made
        == __import__("hashlib")
        .sha256(b"polder/field/v1\n" + bytes(32) + told)
        .hexdigest()
    )


# The manifest.

ZEROS = b64encode(bytes(32)).decode()


@pytest.mark.parametrize(
    ("members", "check"),
    [
        ({"last_seq": 5}, "head"),
        ({"first_seq": 2}, "head"),
        ({"counts": {}}, "counts"),
        ({"counts": {"dialogue_started": "1"}}, "counts"),
        ({"checkpoint": {"root": ZEROS, "size": 13}}, "checkpoint"),
        ({"checkpoint": {"size": 13}}, "malformed"),
        ({"created_by": 7}, "malformed"),
        ({"stream": "org"}, "malformed"),
        ({"stream": "polder:dialogue"}, "malformed"),
        ({"extra": 7}, "malformed"),
        ({"format": 1}, "malformed"),
    ],
)
def test_the_manifest_says_what_is_there(members: dict[str, Any], check: str) -> None:
    """Each member of pack.json is held to the pack."""
    assert (None, check) in lies(reissued(files_of(), **members))


def test_the_manifest_names_every_file_and_no_other() -> None:
    """A hash too many or too few for the files is found."""
    manifest = json.loads(files_of()["pack.json"])
    for hashes in ({}, {**manifest["files"], "more.txt": "0" * 64}):
        body = canonical({**manifest, "files": hashes})
        assert (None, "files") in lies(write_zip({**files_of(), "pack.json": body}))


@pytest.mark.parametrize("name", sorted(set(files_of()) - {"pack.json", "pack.note"}))
def test_a_changed_file_is_named(name: str) -> None:
    """A file that is not the one vouched for is found, also the explanations."""
    files = files_of()
    files[name] = files[name].replace(b"e", b"f", 1)
    report = examine(write_zip(files), [VKEY])
    assert report.verdict == 1
    assert (name, "files") in {(one.file, one.check) for one in report.failures}


def test_texts_end_with_one_newline() -> None:
    """No newline, or two, is another form."""
    for name in ("README.md", "verify.py", "log.vkey"):
        files = files_of()
        for content in (files[name][:-1], files[name] + b"\n"):
            assert verdict(reissued({**files, name: content})) == 1


# Witnesses.


def cosigned(seconds: int = 1_700_000_000, key: Ed25519PrivateKey = STRANGER) -> bytes:
    """Return the sound pack, its checkpoint cosigned by a witness."""
    note = CONTENTS.checkpoint_note
    text = parse_note(note).text.encode()
    signature = key.sign(b"cosignature/v1\ntime %d\n" % seconds + text)
    line = Signature(WITNESS.name, WITNESS.id, seconds.to_bytes(8) + signature).line()
    both = add_signatures(note, line.encode())
    return packed(replace(CONTENTS, checkpoint_note=both))


WITNESS = verifier_key("witness.example/w1", STRANGER, COSIGNATURE)
SECOND = verifier_key("witness.example/w2", STRANGER, COSIGNATURE)


def test_witnesses_are_counted_by_the_readers_policy() -> None:
    """Cosignatures count for who names the witness; too few is not sound."""
    pack, first, second = cosigned(), str(WITNESS), str(SECOND)
    assert verdict(pack) == 0
    report = examine(pack, [VKEY], witnesses=[first])
    assert report.verdict == 0
    assert report.as_json()["witnesses"] == [
        {"name": WITNESS.name, "time": 1_700_000_000}
    ]
    assert "2023-11-14T22:13:20Z" in "\n".join(report.lines())
    assert verdict(PACK, witnesses=[first]) == 1
    assert verdict(PACK, witnesses=[first], quorum=0) == 0
    assert verdict(pack, witnesses=[first, second], quorum=1) == 0
    assert verdict(pack, witnesses=[first, second], quorum=2) == 1


def test_a_false_cosignature_is_not_overlooked() -> None:
    """A line by a witness that does not hold spoils the pack for who trusts it."""
    pack = cosigned(key=KEY)
    assert verdict(pack) == 0
    report = examine(pack, [VKEY], witnesses=[str(WITNESS)], quorum=0)
    assert found(report) == {(None, "signature")}


def test_the_log_is_no_witness_of_itself() -> None:
    """A line by the log's own key does not count as a cosignature."""
    assert verdict(PACK, witnesses=[VKEY], quorum=1) == 1


# The report.


def test_the_report_says_what_is_not_verified() -> None:
    """Both languages name what the issuer alone vouches for, and the open ends."""
    for lang, words in [("en", "verify.py, README.md"), ("nl", "verify.py, README.md")]:
        text = "\n".join(examine(PACK, [VKEY]).lines(lang))
        assert words in text
        assert STREAM in text


def test_what_a_pack_says_cant_command_a_terminal() -> None:
    """Control signs from a pack are told, not obeyed."""
    files = refitted(files_of())
    body = {**json.loads(files["pack.json"]), "format": "\x1b[2Jpolder"}
    report = examine(write_zip({**files, "pack.json": canonical(body)}), [VKEY])
    assert "\x1b" not in "\n".join(report.lines())
    assert "\\x1b[2J" in "\n".join(report.lines())


def test_an_event_is_hashed_as_the_record_hashes_it() -> None:
    """The head in the census is the hash that the chain computes."""
    census = parse(files_of()["census.json"])
    assert isinstance(census, dict)
    assert census["head"] == [STREAM, 6, event_hash(CONTENTS.bodies[-1])]


def test_a_manifest_that_cant_be_read_accuses_no_text() -> None:
    """What is wrong is ``pack.json``; the texts are those that were committed to."""
    files = files_of(write_pack(LOG.contents(withheld=[(2, "/reason")]), KEY))
    broken = write_zip({**files, "pack.json": b"{" + files["pack.json"]})
    checks = {check for _, check in found(examine(broken, [VKEY]))}
    assert checks == {"canonical", "issuer"}


def test_an_unreadable_older_checkpoint_is_named() -> None:
    """The reader is told which of the two files it is about."""
    report = examine(PACK, [VKEY], since=b"no checkpoint")
    assert (report.verdict, found(report)) == (1, {(None, "since")})


def test_what_decided_an_erasure_is_not_verified() -> None:
    """A pack shows that a text went; that it was decided on, another pack shows."""
    told = "\n".join(examine(PACK, [VKEY]).as_json()["notVerified"])
    assert "1 private fields be erased" in told
    assert "org:gemeente-waterdam" in told


def test_a_file_of_keys_is_what_key_show_says(tmp_path: Path) -> None:
    """What stands behind a key on its line is for people."""
    file = tmp_path / "log.pub"
    file.write_text(f"{VKEY}  signs now\n\n", "utf-8")
    assert read_keys([str(file)]) == [VKEY]
