"""A private key is written as others write it, and tells nobody what it is."""

from __future__ import annotations

import pytest

from evidence.errors import MalformedKey
from evidence.note import parse_key, parse_note, sign, verify_note
from evidence.signer import is_secret, make_signer, parse_signer

# The example in the documentation of Go's golang.org/x/mod/sumdb/note.
SECRET = (
    "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
)
PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
SIGNED = (
    TEXT + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFY"
    "C2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


def test_a_key_and_a_note_by_go_are_read_as_ours() -> None:
    """Name, id, public key and signature are those of the other implementation."""
    signer = parse_signer(SECRET)
    assert str(signer.vkey) == PUBLIC
    assert signer.secret() == SECRET
    line = sign(TEXT, "PeterNeumann", signer.private)
    assert f"{TEXT}\n{line.line()}" == SIGNED
    read, key = verify_note(SIGNED.encode(), [parse_key(PUBLIC)])
    assert (read, key) == (parse_note(SIGNED.encode()), signer.vkey)


@pytest.mark.parametrize(
    "text",
    [
        "",
        PUBLIC,
        SECRET.replace("c74f20a3", "c74f20a4"),
        SECRET.replace("PeterNeumann", "Peter Neumann"),
        SECRET[:-4],
        SECRET.replace("+AYEK", "+AoEK"),
        SECRET.removesuffix("z") + "=",
        SECRET.replace("PRIVATE", "private"),
    ],
)
def test_what_is_no_private_key_is_refused_without_being_shown(text: str) -> None:
    """A message about a key does not repeat it."""
    with pytest.raises(MalformedKey) as refused:
        parse_signer(text)
    assert "AYEK" not in str(refused.value)
    assert is_secret(text) == text.startswith("PRIVATE+KEY+")


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_key_is_made_from_enough_chance(length: int) -> None:
    """32 bytes, and no others."""
    with pytest.raises(MalformedKey):
        make_signer("polder/waterdam", b"s" * length)
