"""A note is believed for the signatures of known keys, and for nothing else."""

from __future__ import annotations

import importlib
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from types import ModuleType

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from evidence import verify
from evidence.checkpoint import (
    Checkpoint,
    origin_of,
    parse_checkpoint,
    sign_checkpoint,
    verify_checkpoint,
    worth_proving,
)
from evidence.errors import (
    BadSignature,
    EvidenceError,
    MalformedCheckpoint,
    MalformedKey,
    MalformedNote,
)
from evidence.note import (
    COSIGNATURE,
    Note,
    Signature,
    add_signatures,
    cosigned_at,
    parse_key,
    parse_note,
    sign,
    sign_note,
    verifier_key,
    verify_note,
)
from tests.evidence.logs import KEY, ORIGIN, STRANGER, VKEY

GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKv"
    "qfqdngotpRZb6KE6RyyBwJnAM=\n"
).encode()
"""The example of Go's golang.org/x/mod/sumdb/note, where the format comes from."""

ROOT = bytes(range(32))
NOTE = sign_note("one\n", ORIGIN, KEY)
OWN = parse_key(VKEY)
WITNESS_KEY = Ed25519PrivateKey.from_private_bytes(bytes(31) + b"w")
WITNESS = verifier_key("witness.example/w1", WITNESS_KEY, COSIGNATURE)
ORDER = 2**252 + 27742317777372353535851937790883648493


def independent(name: str) -> ModuleType:
    """Return a module of the implementation by others; Python 3.12 and later."""
    pytest.importorskip("aics_tlog", reason="needs Python 3.12 or later")
    return importlib.import_module(f"aics_tlog.{name}")


def test_the_example_of_the_format_holds() -> None:
    """The note of Go's own documentation verifies, in both verifiers."""
    key = parse_key(GO_KEY)
    read, signer = verify_note(GO_NOTE, [OWN, key])
    assert (str(key), signer) == (GO_KEY, key)
    assert read.to_bytes() == GO_NOTE
    assert verify.signed_by(verify.parse_note(GO_NOTE), verify.parse_key(GO_KEY))


def test_what_we_sign_others_believe() -> None:
    """An independent implementation reads our key and our note, and we theirs."""
    theirs = independent("note")
    key = theirs.parse_vkey(VKEY)
    assert theirs.format_vkey(key) == VKEY
    assert theirs.verify_note(theirs.parse_note(NOTE), [key])
    line = theirs.sign_note("one\n", STRANGER, "x.example/log")
    note = theirs.Note("one\n", (line,)).to_bytes()
    other = parse_key(theirs.format_vkey(theirs.vkey_from_ed25519("x.example/log",
        STRANGER.public_key())))  # fmt: skip
    assert verify_note(note, [other])[0].text == "one\n"


def test_a_witness_by_others_is_understood() -> None:
    """A cosignature made by an independent witness verifies, with its time."""
    note = sign_checkpoint(POINT, KEY)
    made = (1_700_000_000, POINT.origin, POINT.size, POINT.root)
    _, line = independent("cosign").sign_cosignature(WITNESS_KEY, WITNESS.name, *made)
    added = Signature(line.name, line.key_id, line.signature)
    both = add_signatures(note, added.line().encode())
    assert verify_checkpoint(both, [OWN]).checkpoint.size == 7
    assert cosigned_at(parse_note(both), WITNESS) == 1_700_000_000
    times = verify.signed_by(verify.parse_note(both), verify.parse_key(str(WITNESS)))
    assert times == [1_700_000_000]


def cosigned(note: bytes, seconds: int = 5) -> Signature:
    """Return a witness's line, made here from the text of the specification."""
    text = parse_note(note).text.encode()
    signature = WITNESS_KEY.sign(b"cosignature/v1\ntime %d\n" % seconds + text)
    return Signature(WITNESS.name, WITNESS.id, seconds.to_bytes(8) + signature)


def test_a_cosignature_is_over_its_time() -> None:
    """With another time than was signed, a cosignature fails."""
    line = cosigned(NOTE)
    note = parse_note(add_signatures(NOTE, line.line().encode()))
    assert cosigned_at(note, WITNESS) == 5
    assert cosigned_at(parse_note(NOTE), WITNESS) is None
    later = line._replace(signature=(6).to_bytes(8) + line.signature[8:])
    with pytest.raises(BadSignature):
        cosigned_at(note._replace(signatures=(later,)), WITNESS)


def test_lines_by_others_change_nothing() -> None:
    """Lines by keys that are not known are ignored, whatever they say."""
    junk = Signature("else.example", b"abcd", b"x" * 64).line()
    note = add_signatures(NOTE, junk.encode())
    assert len(parse_note(note).signatures) == 2
    assert verify_note(note, [OWN])[1] == OWN
    assert add_signatures(note, junk.encode()) == note


def test_a_false_line_of_a_known_key_spoils_the_note() -> None:
    """Next to a good signature, a false one by the same key is not overlooked."""
    good = parse_note(NOTE).signatures[0]
    bad = good._replace(signature=bytes(64))
    for lines in [(good, bad), (bad, good), (bad,)]:
        note = Note("one\n", lines).to_bytes()
        with pytest.raises(BadSignature):
            verify_note(note, [OWN])
        with pytest.raises(verify.Wrong):
            verify.signed_by(verify.parse_note(note), verify.parse_key(VKEY))


def test_nobody_elses_signature_will_do() -> None:
    """The same name with another key is another signer."""
    forged = sign_note("one\n", ORIGIN, STRANGER)
    with pytest.raises(BadSignature):
        verify_note(forged, [OWN])
    with pytest.raises(BadSignature):
        verify_note(NOTE, [])


@pytest.mark.parametrize(
    "note",
    [
        b"",
        b"\n",
        b"one\n",
        b"one\n\n",
        NOTE[:-1],
        NOTE + b"\n",
        NOTE + b"x\n",
        NOTE.replace(b"\n\n", b"\n"),
        NOTE.replace(b"one\n", b"one\r\n"),
        NOTE.replace(b"one\n", b"o\tne\n"),
        NOTE.replace(b"one\n", b"o\xffne\n"),
        NOTE.replace("— ".encode(), b"- "),
        NOTE.replace("— ".encode(), "—  ".encode()),
        NOTE.replace(b"polder/", b"polder+"),
        NOTE.replace(b"polder/", "polder\u00a0/".encode()),
        NOTE.replace(b"=\n", b"\n"),
        NOTE.replace(b"=\n", b"=\n\n"),
        b"one\n\n" + "— a AAAA\n".encode(),
        b"one\n\n" + "— a AAAAAB==\n".encode(),
        b"one\n\n" + "— a AAAAA\n".encode(),
        b"one\n\n" + "— a AAAA_A==\n".encode(),
        b"one\n\n" + "— a AAAAAAAA\n".encode() * 101,
    ],
)
def test_what_is_no_note_is_refused(note: bytes) -> None:
    """The form is strict: lines, spaces, signs, base64; in both verifiers."""
    with pytest.raises(MalformedNote):
        parse_note(note)
    with pytest.raises(verify.Wrong):
        verify.parse_note(note)


@given(
    st.binary(max_size=200)
    | st.text(max_size=100).map(lambda t: t.encode("utf-8", "replace"))
)
def test_reading_never_surprises(data: bytes) -> None:
    """Any bytes either are a note that writes itself again, or are refused."""
    for note in (data, NOTE[:4] + data + NOTE[4:], NOTE + data):
        try:
            assert parse_note(note).to_bytes() == note
        except MalformedNote:
            with pytest.raises(verify.Wrong):
                verify.parse_note(note)


@pytest.mark.parametrize("text", ["", "one", "o\rne\n", "\x00\n"])
def test_what_no_note_can_hold_is_not_signed(text: str) -> None:
    """A text without its newline, or with control signs, gets no signature."""
    with pytest.raises(MalformedNote):
        sign(text, ORIGIN, KEY)


def key_text(name: str, public: bytes, kind: int = 1, key_id: str = "") -> str:
    """Return the text of a verifier key, right or wrong."""
    key_id = key_id or verify.Key(name, kind, public).id.hex()
    return f"{name}+{key_id}+{b64encode(bytes([kind]) + public).decode()}"


PUBLIC = OWN.public
PRIME = 2**255 - 19


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "x+y+z",
        VKEY[:-1],
        VKEY + "\n",
        VKEY.upper(),
        VKEY.replace("polder", "older"),
        key_text("", PUBLIC),
        key_text("a b", PUBLIC),
        key_text("a", PUBLIC, 2),
        key_text("a", PUBLIC, 1, "00000000"),
        key_text("a", PUBLIC[:31]),
        key_text("a", PUBLIC + b"x"),
        *(key_text("a", y.to_bytes(32, "little")) for y in (0, 1, PRIME - 1, PRIME)),
        *(key_text("a", (y | 1 << 255).to_bytes(32, "little")) for y in (0, PRIME + 1)),
        key_text("a", bytes.fromhex(
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")),
        key_text("a", bytes.fromhex(
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa")),
    ],
)  # fmt: skip
def test_a_key_that_anybody_can_use_is_no_key(text: str) -> None:
    """A key of another form, id or kind is refused; one of small order too, under
    which signatures can be made by all.
    """
    with pytest.raises(MalformedKey):
        parse_key(text)
    with pytest.raises(verify.BadKey):
        verify.parse_key(text)


def test_a_key_off_the_curve_never_verifies() -> None:
    """The bundled check refuses such a key at once, the library when it is used."""
    text = key_text("a", (2).to_bytes(32, "little"))
    with pytest.raises(verify.BadKey):
        verify.parse_key(text)
    key = parse_key(text)
    note = Note("one\n", (Signature("a", key.id, bytes(64)),)).to_bytes()
    with pytest.raises(BadSignature):
        verify_note(note, [key])


RFC_8032 = [
    """d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a
    -
    e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bac
    c61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b""",
    """3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c
    -72
    92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e
    458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00""",
    """fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025
    -af82
    6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290
    ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a""",
]
"""Public key, message (after the dash) and signature, in hex."""


@pytest.mark.parametrize("vector", RFC_8032)
def test_the_bundled_check_knows_the_vectors_of_the_rfc(vector: str) -> None:
    """The check in plain Python accepts the test vectors of RFC 8032 §7.1."""
    public, message, *signature = vector.split()
    raw = [bytes.fromhex(h) for h in (public, message[1:], "".join(signature))]
    assert verify.ed25519(*raw)
    assert verify.verifies(*raw)


@given(st.binary(max_size=100), st.integers(0, 511), st.booleans())
def test_both_checks_agree(message: bytes, bit: int, spoil: bool) -> None:  # noqa: FBT001 - drawn
    """The bundled check and the library say the same of good and bad signatures."""
    signature = bytearray(KEY.sign(message))
    if spoil:
        signature[bit // 8] ^= 1 << bit % 8
    assert verify.verifies(PUBLIC, message, bytes(signature)) != spoil
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verify, "Ed25519PublicKey", None)
        assert verify.verifies(PUBLIC, message, bytes(signature)) != spoil


def test_a_signature_has_one_form() -> None:
    """S plus the group's order would verify too, and is refused by both."""
    signature = KEY.sign(b"x")
    larger = int.from_bytes(signature[32:], "little") + ORDER
    twin = signature[:32] + larger.to_bytes(32, "little")
    assert verify.ed25519(PUBLIC, b"x", twin)
    assert not verify.verifies(PUBLIC, b"x", twin)
    line = parse_note(NOTE).signatures[0]
    value = int.from_bytes(line.signature[32:], "little") + ORDER
    second = line.signature[:32] + value.to_bytes(32, "little")
    with pytest.raises(BadSignature):
        verify_note(Note("one\n", (line._replace(signature=second),)).to_bytes(), [OWN])


POINT = Checkpoint(ORIGIN, 7, ROOT)


def test_a_checkpoint_is_three_lines() -> None:
    """Origin, size and root; what is signed reads back the same."""
    text = f"polder/waterdam\n7\n{b64encode(ROOT).decode()}\n"
    assert POINT.text() == text
    assert origin_of("waterdam") == ORIGIN
    signed = verify_checkpoint(sign_checkpoint(POINT, KEY), [OWN])
    assert (signed.checkpoint, signed.key) == (POINT, OWN)
    assert parse_checkpoint(text) == POINT


def test_an_independent_reader_sees_the_same_checkpoint() -> None:
    """Others read our checkpoint as we do."""
    theirs = independent("checkpoint")
    point, _ = theirs.checkpoint_from_note(sign_checkpoint(POINT, KEY))
    assert (point.origin, point.size, point.root) == POINT


def test_extension_lines_are_signed_and_ignored() -> None:
    """Lines below the root are part of the text, and mean nothing to us."""
    note = sign_note(POINT.text() + "more\nand more\n", ORIGIN, KEY)
    assert verify_checkpoint(note, [OWN]).checkpoint == POINT
    assert tuple(verify.parse_checkpoint(verify.parse_note(note).text)) == POINT


@pytest.mark.parametrize(
    "text",
    [
        "polder/x\n7\n",
        f"\n7\n{b64encode(ROOT).decode()}\n",
        POINT.text() + "\n",
        POINT.text() + "a\n\nb\n",
        POINT.text().replace("\n7\n", "\n07\n"),
        POINT.text().replace("\n7\n", "\n+7\n"),
        POINT.text().replace("\n7\n", "\n-7\n"),
        POINT.text().replace("\n7\n", "\n٧\n"),
        POINT.text().replace("\n7\n", f"\n{2**53}\n"),
        POINT.text().replace("\n7\n", f"\n{'9' * 5000}\n"),
        POINT.text().replace("=\n", "\n"),
        POINT.text().replace("AAEC", "AAE"),
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    """Sizes have one way to be written, and roots 32 bytes; in both verifiers."""
    with pytest.raises(MalformedCheckpoint):
        parse_checkpoint(text)
    with pytest.raises(verify.Wrong):
        verify.parse_checkpoint(text)


def test_a_checkpoint_is_its_own_logs() -> None:
    """A good signature under another name than the origin is no checkpoint."""
    other = verifier_key("polder/other", KEY)
    note = sign_note(POINT.text(), "polder/other", KEY)
    for keys in ([other], [OWN], [OWN, other], []):
        with pytest.raises(BadSignature):
            verify_checkpoint(note, keys)


def test_a_rotated_key_still_verifies_what_it_signed() -> None:
    """Of several keys of one log, each verifies its own checkpoints."""
    old = verifier_key(ORIGIN, STRANGER)
    note = sign_checkpoint(POINT, STRANGER)
    assert verify_checkpoint(note, [OWN, old]).key == old
    with pytest.raises(EvidenceError):
        verify_checkpoint(note, [OWN])


def test_base64_that_says_the_same_twice_is_refused() -> None:
    """Bits that mean nothing must be zero, or a key would have two texts."""
    encoded = VKEY.rpartition("+")[2]
    assert len(b64decode(encoded)) == 33
    with pytest.raises(verify.BadKey):
        verify.parse_key(VKEY + "=")


def test_a_pack_proves_from_all_or_from_the_daily_checkpoints() -> None:
    """Up to a thousand all are proved from; beyond that, the last of each day."""
    start = datetime(2026, 11, 21, 0, 30, tzinfo=UTC)
    hourly = [(n + 1, start + timedelta(hours=n)) for n in range(1_001)]
    assert worth_proving(hourly[:1_000]) == list(range(1, 1_001))
    daily = worth_proving(hourly[::-1])
    assert daily[:2] == [24, 48]
    assert daily[-1] == 1_001
    assert len(daily) == 42
