"""The log's key: one file, for its owner only, that a rotation never loses."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from evidence.note import parse_key
from evidence.signer import make_signer, parse_signer
from storage.errors import BadLogKey, NoLogKey
from storage.logkey import changed_at, create, propose, public_path, read, rotate, take


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the key goes; its directory is not there yet."""
    return tmp_path / "home" / "keys" / "log.key"


def test_a_key_is_made_once(path: Path) -> None:
    """For its owner only; the verifier key beside it is for everybody."""
    key = create(path, "waterdam")
    assert key.vkey.name == "polder/waterdam"
    assert create(path, "elders").vkeys == key.vkeys == read(path).vkeys
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert public_path(path).read_text() == f"{key.vkey}\n"
    assert parse_key(public_path(path).read_text().strip()) == key.vkey
    text = path.read_text()
    prefix = f"PRIVATE+KEY+polder/waterdam+{key.vkey.id.hex()}+"
    assert text.startswith(prefix)
    assert sorted(each.name for each in path.parent.iterdir()) == [
        "log.key",
        "log.key.pub",
    ]


def test_a_log_that_nobody_named_gets_a_name_of_its_own(path: Path) -> None:
    """Two of them are not alike."""
    names = {create(path.with_name(f"{n}.key")).vkey.name for n in range(2)}
    assert len(names) == 2
    assert all(name.startswith("polder/local-") for name in names)


def test_of_many_that_make_it_at_once_one_wins(path: Path) -> None:
    """And all of them go on with that one key."""
    with ThreadPoolExecutor(8) as pool:
        keys = [key.vkey for key in pool.map(create, [path] * 16)]
    assert len(set(keys)) == 1
    assert public_path(path).read_text() == f"{keys[0]}\n"


def test_a_rotation_keeps_who_signed_before(path: Path) -> None:
    """The verifier keys, oldest first; the old private key is gone."""
    first = create(path, "waterdam")
    before, stamp = path.read_text(), changed_at(path)
    second = rotate(path)
    third = rotate(path)
    assert third.vkeys == (first.vkey, second.vkey, third.vkey)
    assert public_path(path).read_text().split() == [str(key) for key in third.vkeys]
    assert before.strip() not in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    assert changed_at(path) != stamp


def test_a_rotation_that_was_cut_short_goes_on_with_the_same_key(path: Path) -> None:
    """The new key is made once, and signs from the moment it is taken."""
    first = create(path, "waterdam")
    proposed = propose(path)
    assert propose(path).vkey == proposed.vkey
    assert read(path).vkeys == first.vkeys
    assert take(path, proposed).vkey == proposed.vkey
    assert take(path, proposed).vkeys == (first.vkey, proposed.vkey)
    assert propose(path).vkey != proposed.vkey


def test_earlier_keys_may_be_there_as_they_were_written(path: Path) -> None:
    """A private key that signed before is as good as its verifier key."""
    old = create(path, "waterdam")
    new = make_signer(old.vkey.name, b"s" * 32)
    path.write_text(f"{path.read_text()}{new.secret()}\n")
    assert read(path).vkeys == (old.vkey, new.vkey)
    assert parse_signer(new.secret()).vkey == new.vkey


@pytest.mark.parametrize(
    "text",
    [
        "",
        "??hidden??",
        "PRIVATE+KEY+polder/a+00000000+AAAA",
        "PRIVATE+KEY+polder/a",
        "\x00\xff",
    ],
)
def test_a_file_that_is_no_key_is_refused(path: Path, text: str) -> None:
    """Without a word of what is in it."""
    create(path, "waterdam")
    path.write_text(text)
    with pytest.raises(BadLogKey) as refused:
        read(path)
    assert not text or text not in str(refused.value)


def test_keys_of_two_logs_are_no_key(path: Path) -> None:
    """A checkpoint's origin is the name of its key."""
    create(path, "waterdam")
    other = make_signer("polder/elders", b"s" * 32)
    path.write_text(f"{path.read_text()}{other.secret()}\n")
    with pytest.raises(BadLogKey):
        read(path)


def test_no_file_is_another_answer_than_a_bad_one(path: Path) -> None:
    """Who has no key does not seal, and that is no fault."""
    for ask in (read, changed_at, rotate):
        with pytest.raises(NoLogKey):
            ask(path)


@pytest.mark.parametrize("name", ["a b", "a+b", "a\nb"])
def test_a_name_that_no_note_can_carry_is_refused(path: Path, name: str) -> None:
    """And nothing is left of it."""
    with pytest.raises(BadLogKey):
        create(path, name)
    assert not path.exists()


def test_a_key_is_not_shown(path: Path) -> None:
    """Neither by a key nor by its signer."""
    key = create(path, "waterdam")
    secret = key.signer.secret().rpartition("+")[2]
    assert secret not in f"{key!r} {key} {key.signer!r} {key.signer}"
