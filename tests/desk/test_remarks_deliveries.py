"""Why events don't arrive is said in the reader's language, as far as we worded it."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from activities.reach import BadUrl, Reach, read_url, refusal
from desk.remarks_deliveries import why


def test_a_reason_within_a_reason_is_said_in_the_language_too() -> None:
    """What the network says itself stays."""
    inner = refusal(ip_address("10.0.0.7"))
    told = why(f"zaken.example can't be reached: {inner}", "nl")
    assert told.startswith("zaken.example is niet te bereiken: 10.0.0.7 ligt in een")
    assert "private network" not in told
    assert why("TLS handshake failed", "nl") == "TLS handshake failed"
    assert why(inner, "en") == inner


@pytest.mark.parametrize(
    "url",
    [
        "https://x.example:port/",
        "ftp://x.example/",
        "https://a:b@x.example/",
        "https://x.example/#a",
        "https://10.0.0.7/",
    ],
)
def test_every_reason_against_an_address_is_said_in_dutch(url: str) -> None:
    """None of them stays in the words of the code."""
    with pytest.raises(BadUrl) as caught:
        read_url(url, Reach())
    assert why(str(caught.value), "nl") != str(caught.value)
