"""A desk's key is made once, kept from others, and replaced without a gap."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.deskkey import (
    changed_at,
    create,
    propose,
    public_path,
    read,
    take,
)
from storage.errors import BadDeskKey, NoDeskKey


def test_a_key_is_made_once(tmp_path: Path) -> None:
    """Only its owner reads the file; the public half lies beside it, for everybody."""
    path = tmp_path / "keys" / "desk.key"
    key = create(path)
    assert create(path).id == read(path).id == key.id
    assert path.stat().st_mode & 0o777 == 0o600
    assert public_path(path).read_text() == f"{key.public}\n"
    assert public_path(path).stat().st_mode & 0o777 == 0o644
    assert {each.name for each in path.parent.iterdir()} == {
        "desk.key",
        "desk.key.pub",
    }


def test_a_new_key_signs_once_it_is_taken(tmp_path: Path) -> None:
    """Until then it lies ready, and is the same however often it is asked for."""
    path = tmp_path / "desk.key"
    old = create(path)
    before = changed_at(path)
    new = propose(path)
    assert propose(path).id == new.id != old.id
    assert read(path).id == old.id
    assert take(path).id == new.id
    assert take(path).id == new.id
    assert changed_at(path) != before
    assert public_path(path).read_text() == f"{new.public}\n"


def test_what_is_no_key_is_told_without_what_it_says(tmp_path: Path) -> None:
    """It may be a secret all the same."""
    path = tmp_path / "desk.key"
    with pytest.raises(NoDeskKey):
        read(path)
    with pytest.raises(NoDeskKey):
        changed_at(path)
    path.write_text("geheim")
    with pytest.raises(BadDeskKey) as caught:
        create(path)
    assert "geheim" not in str(caught.value)
