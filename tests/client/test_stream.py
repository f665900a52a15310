"""A stream of events is read as the HTML standard says, however its bytes are cut."""

from __future__ import annotations

import json
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from polder_client.stream import Reading, Sent

EVENTS = [
    Sent("1", "items_completed", '{"text": "een\u2028twee"}'),
    Sent("2", "message", "regel een\nregel twee"),
    Sent("2", "later", ""),
]
WHOLE = (
    b": heartbeat\r\n\r\n"
    b'id: 1\r\nevent: items_completed\r\ndata: {"text": "een\xe2\x80\xa8twee"}\r\n\r\n'
    b"id: 2\ndata: regel een\ndata:regel twee\n\n"
    b"event: later\rdata\r\r"
    b"retry: 250\nunknown: x\n\n"
    b"id: 3\ndata: cut off"
)


@example(cuts=[45, 45])
@given(cuts=st.lists(st.integers(0, len(WHOLE)), max_size=12))
def test_events_are_the_same_wherever_the_bytes_are_cut(cuts: list[int]) -> None:
    """A piece may end within a line, a letter, or between CR and LF."""
    reading = Reading()
    at = [0, *sorted(cuts), len(WHOLE)]
    pieces = [WHOLE[a:b] for a, b in pairwise(at)]
    assert [sent for piece in pieces for sent in reading.read(piece)] == EVENTS
    assert reading.retry == 0.25


def test_a_stream_that_broke_goes_on_after_the_last_whole_event() -> None:
    """What was half read is forgotten, its id as well; the next connection sends it."""
    reading = Reading()
    list(reading.read(WHOLE))
    reading.broken()
    assert reading.last == "2"
    assert list(reading.read(b"id: 3\ndata: whole\n\n")) == [
        Sent("3", "message", "whole")
    ]


def test_an_event_counts_as_read_once_it_was_given() -> None:
    """Who stops between two events of one piece goes on with the second."""
    reading = Reading("0")
    both = reading.read(b"id: 1\ndata: a\n\nid: 2\ndata: b\n\n")
    assert next(both).data == "a"
    assert reading.last == "1"


def test_a_line_ends_where_the_standard_says_and_nowhere_else() -> None:
    """A line separator within a text stays in it."""
    document = json.dumps({"a": "x\u2028y\u0085z\x0b"}, ensure_ascii=False)
    [sent] = Reading().read(f"data: {document}\n\n".encode())
    assert sent.data == document
