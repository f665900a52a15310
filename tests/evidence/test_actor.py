"""A signature is over one envelope, for one dialogue and one kind of command."""

from __future__ import annotations

import json
from base64 import b64encode
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.signed_facts import key_id as said_id
from evidence.actor import (
    holds,
    key_id,
    make_key,
    parse_secret,
    sign,
    signed_bytes,
)
from evidence.errors import MalformedKey

KEY = make_key(b"\x01" * 32)
ENVELOPE: dict[str, Any] = {
    "id": "c-1",
    "actor": {"id": "p-1", "role": "process_director"},
    "command": {"items": ["a.b"]},
}
BYTES = (
    b'polder/actor/v1\n{"actor":{"id":"p-1","role":"process_director","via":null},'
    b'"command":{"items":["a.b"]},"id":"c-1","if_version":null,"kind":"complete_items",'
    b'"mandate":null,"stream":"waterdam:parkzicht"}'
)
"""As somebody else would write it from the documentation alone."""

SIGNATURE = (
    "GW6NjyzRiGLdOjhUegzmlrkt1MbYQzSjgRo4mkv0iKnY"
    "RH1GgfoKZMjYF8Y+00ikHkx6Jm4uTbo0b4L2HGh8Bw=="
)


def test_what_is_signed_can_be_written_by_hand() -> None:
    """The envelope in canonical JSON, with where it goes; what is left out is null."""
    assert signed_bytes("waterdam:parkzicht", "complete_items", ENVELOPE) == BYTES
    told = {**ENVELOPE, "mandate": None, "if_version": None, "sig": {"key": "x"}}
    assert signed_bytes("waterdam:parkzicht", "complete_items", told) == BYTES


def test_a_signature_is_the_one_of_rfc_8032() -> None:
    """Deterministic, so that others can hold theirs to it."""
    sig = sign(KEY, "waterdam:parkzicht", "complete_items", ENVELOPE)
    assert sig == {"key": KEY.id, "value": SIGNATURE}
    assert holds(KEY.public, SIGNATURE, BYTES)
    raw = KEY.private.public_key().public_bytes_raw()
    assert KEY.public == b64encode(raw).decode()
    assert KEY.id == key_id(KEY.public) == sha256(raw).hexdigest()[:16]
    assert said_id(KEY.public) == KEY.id


@given(st.binary(min_size=1, max_size=8), st.integers(0, 200))
def test_no_other_bytes_hold_under_it(noise: bytes, place: int) -> None:
    """Whatever is changed, added or left out."""
    at = place % len(BYTES)
    for changed in (
        BYTES[:at] + noise + BYTES[at:],
        BYTES[:at] + noise + BYTES[at + len(noise) :],
        BYTES[:at],
    ):
        assert changed == BYTES or not holds(KEY.public, SIGNATURE, changed)


def test_of_compiled_forms_the_hashes_are_signed() -> None:
    """Whoever changes a form has to change its hash, and that shows."""
    forms = {"method_hash": "a", "calendar_hash": "b", "method": {"x": 1}}
    whole = {**ENVELOPE, "command": {"compiled": forms}}
    other = {**ENVELOPE, "command": {"compiled": {**forms, "method": {"x": 2}}}}
    changed = {**ENVELOPE, "command": {"compiled": {**forms, "method_hash": "c"}}}
    none = {**ENVELOPE, "command": {"compiled": None}}
    first, *rest = (
        signed_bytes("a:b", "start_dialogue", each)
        for each in (whole, other, changed, none)
    )
    assert rest[0] == first
    assert len({first, *rest[1:]}) == 3
    assert json.loads(first.partition(b"\n")[2])["command"] == {
        "compiled": {"method_hash": "a", "calendar_hash": "b"}
    }


@pytest.mark.parametrize(
    "public",
    [
        "",
        "AAAA",
        b64encode(bytes(32)).decode(),
        b64encode(b"\x01" + bytes(31)).decode(),
        b64encode(b"\xff" * 32).decode(),
        KEY.public.rstrip("="),
    ],
)
def test_a_key_by_which_others_could_sign_is_none(public: str) -> None:
    """Of small order, not canonical, or no key at all."""
    with pytest.raises(MalformedKey):
        key_id(public)
    assert not holds(public, SIGNATURE, BYTES)


@pytest.mark.parametrize("value", ["", "x", SIGNATURE[:-4], SIGNATURE.rstrip("=")])
def test_what_is_no_signature_does_not_hold(value: str) -> None:
    """And raises nothing: it came from outside."""
    assert not holds(KEY.public, value, BYTES)


def test_a_secret_is_read_back_and_never_told() -> None:
    """Neither by its representation, nor by an error."""
    again = parse_secret(KEY.secret())
    assert (again.id, again.public) == (KEY.id, KEY.public)
    assert KEY.secret() not in repr(KEY)
    with pytest.raises(MalformedKey) as caught:
        parse_secret("geheim")
    assert "geheim" not in str(caught.value)
