"""One value has one sequence of bytes, the one that RFC 8785 gives."""

from __future__ import annotations

import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from evidence import canonical as form
from evidence.canonical import (
    MAX_DEPTH,
    MAX_INTEGER,
    JsonValue,
    canonical,
    parse,
    parse_canonical,
)
from evidence.errors import EvidenceError, NotCanonical

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
integers = st.integers(-MAX_INTEGER, MAX_INTEGER)
values = st.recursive(
    st.none() | st.booleans() | integers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner),
    max_leaves=20,
)


@given(values)
def test_same_bytes_as_the_reference_library(value: JsonValue) -> None:
    """Whatever the value, our bytes are those of the rfc8785 package."""
    assert canonical(value) == rfc8785.dumps(value)  # pyright: ignore[reportArgumentType]


@given(values)
def test_reading_gives_the_value_back(value: JsonValue) -> None:
    """Reading canonical bytes gives the value, and the value the bytes."""
    assert parse(canonical(value)) == value


def test_names_sort_by_utf16_unit() -> None:
    """Names outside the basic plane sort before U+FFEE, as JCS asks."""
    assert canonical({"\uffee": 1, "\U0001f600": 2}) == (
        '{"\U0001f600":2,"\uffee":1}'.encode()
    )


def test_control_characters_have_their_one_escape() -> None:
    """The escapes are those of RFC 8785 §3.2.2.2, in lower case."""
    assert canonical('\b\t\n\f\r"\\/\x1f\x7f') == (
        b'"\\b\\t\\n\\f\\r\\"\\\\/\\u001f\x7f"'
    )


def test_tuples_are_arrays() -> None:
    """A tuple is written as an array."""
    assert canonical({"a": (1, ("ü",)), "ü": ()}) == '{"a":[1,["ü"]],"ü":[]}'.encode()


def nested(depth: int) -> JsonValue:
    """Return lists inside one another, ``depth`` of them."""
    value: JsonValue = []
    for _ in range(depth - 1):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        MAX_INTEGER + 1,
        -MAX_INTEGER - 1,
        "a\x00",
        {"\x00": 1},
        "\ud800",
        {"\udfff": 1},
        {1: 2},
        {None: 2},
        b"x",
        {1, 2},
        [object()],
        nested(MAX_DEPTH + 1),
        nested(100_000),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_the_format_cannot_hold_is_refused(value: JsonValue) -> None:
    """Floats, big integers, NUL, surrogates, odd names and depth are refused."""
    with pytest.raises(NotCanonical):
        canonical({"member": value})


def test_the_deepest_allowed_value_is_written() -> None:
    """Depth ``MAX_DEPTH`` itself is allowed."""
    assert canonical(nested(MAX_DEPTH)) == b"[" * MAX_DEPTH + b"]" * MAX_DEPTH


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"\xef\xbb\xbf{}",
        b'{"a":1,"a":1}',
        b"1.0",
        b"1e3",
        b"NaN",
        b"-Infinity",
        b"9007199254740992",
        b"1" * 5000,
        b'"\\ud800"',
        b'"\\u0000"',
        b'"\n"',
        b"{} {}",
        b"[" * 100_000,
    ],
    ids=lambda data: data[:20].decode(errors="replace"),
)
def test_text_outside_the_format_is_refused(data: bytes) -> None:
    """Reading refuses what writing would never make."""
    with pytest.raises(NotCanonical):
        parse(data)


def test_reading_is_lenient_only_about_form() -> None:
    """White space and order are for the caller to compare."""
    text = json.dumps({"b": 1, "a": [True, None]}, indent=1).encode()
    assert parse(text) == {"a": [True, None], "b": 1}
    assert canonical(parse(text)) != text


fragments = st.sampled_from(
    [
        *("{", "}", "[", "]", ",", ":", '"', '"a":', '"b":1', '"a":1,', "1", "-0"),
        *("01", "1.0", "1e3", "NaN", "-Infinity", str(MAX_INTEGER + 1), "null"),
        *("true", '"\\u0000"', '"\\ud800"', '"\\/"', '"\x7f"', '"é"', " ", "\n"),
        *('"\ue000":1', '"\U00010000":1', '"é":1', '"\ud7ff":1,'),
    ]
)
almost_json = st.one_of(
    st.lists(fragments, max_size=8).map("".join).map(str.encode),
    values.map(canonical),
    values.map(lambda value: json.dumps(value).encode()),
    st.integers(-(2**60), 2**60).map(lambda number: f'{{"n":{number}}}'.encode()),
    st.integers(MAX_DEPTH - 2, MAX_DEPTH + 2).map(lambda n: b"[" * n + b"]" * n),
)


def read_or_refused(data: bytes) -> tuple[type, object]:
    """Return what reading canonical bytes came to, refusals included."""
    try:
        value = parse_canonical(data)
    except EvidenceError as error:
        return type(error), str(error)
    return type(value), value


def unsure(text: str) -> JsonValue:
    """Stand in for the quick way: it could not tell."""


@given(almost_json)
def test_the_quick_way_to_read_agrees_with_the_careful_one(data: bytes) -> None:
    """Whatever the bytes, both give the same value or the same refusal."""
    quick = read_or_refused(data)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(form, "read_plain", unsure)
        assert read_or_refused(data) == quick
