"""Whoever opens a pack reads first what it is, and what it does not prove."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Final

from evidence.census import LOG_STREAM
from evidence.event import format_instant

if TYPE_CHECKING:
    from evidence.pack import Contents

_ENGLISH: Final = """\
# Evidence of {stream}

This pack holds all events of {one}, as they stand in the log,
and what is needed to check that none of them was changed or left out. Nobody's help
is needed for that: not ours, and no network.

| | |
|---|---|
| {label} | `{stream}` |
| Events | {events} |
| Log | `{origin}` |
| Checkpoint | {size} events, root `{root}` |
| Made at | {created_at} |

## How to check it

You need Python 3.9 or later, and the public key of the log **from another source than
this pack**: from a publication, from somebody you trust, or from an earlier occasion.

    python verify.py PACK --key KEY

PACK is the ZIP file as you received it. Do you have an older checkpoint of the log?
Add `--since FILE`: you then learn that nothing of what it covered was changed since.
`--witness KEY` asks for the signature of a witness.

The exit code is 0 (sound), 1 (not sound) or 6 (can't be decided). Better than the
`verify.py` in this pack is one that you got elsewhere, or wrote: the format is public.

## What the check covers

- every event, byte by byte, and that each names the one before it;
- that each is in the log at its place, under a checkpoint of {size} events signed by
  the log's key;
- that the {label_inside} ends with the last event here: a census says where it ended
  when the checkpoint was made;
- that the log continues your older checkpoint, if you give one;
- of each private field (names, contributions, reasons) that what is opened here is what
  was recorded.

Of the private fields {opened} are opened and {withheld} withheld from the reader for
whom this was made. A field that is neither was erased, and an event says so.

## What it does not cover

- what withheld fields say: only that they exist;
- what happened after this checkpoint;
- whether what was recorded is true, and whether the clock was right;
- that everybody is shown the same log, unless witnesses whom you trust have signed;
- that the log's key was not stolen, unless you have an older checkpoint;
- `verify.py` and these explanations: for those there is only the issuer's word.
"""

_DUTCH: Final = """\
# Bewijs van {stream}

Dit pakket bevat alle gebeurtenissen van {one}, zoals ze in
het logboek staan. Er zit ook in wat nodig is om na te gaan dat er geen is veranderd of
weggelaten. Daar is niemands hulp voor nodig: niet die van ons, en geen netwerk.

| | |
|---|---|
| {label} | `{stream}` |
| Gebeurtenissen | {events} |
| Logboek | `{origin}` |
| IJkpunt | {size} gebeurtenissen, wortel `{root}` |
| Gemaakt op | {created_at} |

## Zo controleert u het

U hebt Python 3.9 of nieuwer nodig, en de openbare sleutel van het logboek **uit een
andere bron dan dit pakket**: uit een publicatie, van iemand die u vertrouwt, of van een
eerdere keer.

    python verify.py PAKKET --key SLEUTEL --lang nl

PAKKET is het ZIP-bestand zoals u het kreeg. Hebt u een ouder ijkpunt van het logboek?
Zet er `--since BESTAND` bij. Dan weet u ook dat er sindsdien niets is veranderd aan wat
dat ijkpunt omvatte. Met `--witness SLEUTEL` vraagt u de handtekening van een getuige.

De afsluitcode is 0 (in orde), 1 (niet in orde) of 6 (niet te beoordelen). Beter dan
`verify.py` uit dit pakket is een programma dat u ergens anders vandaan haalt of zelf
schrijft: de vorm is openbaar.

## Wat wordt gecontroleerd

- elke gebeurtenis, byte voor byte, en dat elke de vorige noemt;
- dat elke op haar plaats in het logboek staat, onder een ijkpunt van {size}
  gebeurtenissen dat met de sleutel van het logboek is ondertekend;
- dat de {label_inside} eindigt met de laatste gebeurtenis hier: een telling zegt waar
  ze eindigde toen het ijkpunt werd gemaakt;
- dat het logboek uw oudere ijkpunt voortzet, als u er een geeft;
- van elk privéveld (namen, bijdragen, redenen) dat wat hier is geopend ook is wat er is
  vastgelegd.

Van de privévelden zijn er {opened} geopend en {withheld} achtergehouden voor de lezer
voor wie dit is gemaakt. Een veld dat geen van beide is, is gewist, en een gebeurtenis
zegt dat.

## Wat niet wordt gecontroleerd

- wat er in achtergehouden velden staat: alleen dat ze er zijn;
- wat er na dit ijkpunt is gebeurd;
- of waar is wat is vastgelegd, en of de klok goed liep;
- dat iedereen hetzelfde logboek te zien krijgt, tenzij getuigen die u vertrouwt hebben
  ondertekend;
- dat de sleutel van het logboek niet is gestolen, tenzij u een ouder ijkpunt hebt;
- `verify.py` en deze uitleg: daar staat alleen de uitgever voor in.
"""

_TEXTS: Final = {"en": _ENGLISH, "nl": _DUTCH}

_ONE: Final = {
    "en": ("one dialogue", "an organisation's own stream", "the log's own stream"),
    "nl": (
        "één dialoog",
        "de eigen reeks van een organisatie",
        "de eigen reeks van het logboek",
    ),
}
"""What a pack is of: a dialogue, or one of the two kinds of Polder's own streams."""

_LABELS: Final = {"en": ("Dialogue", "Stream"), "nl": ("Dialoog", "Reeks")}


def readme(contents: Contents, lang: str) -> bytes:
    """Return README.md (``en``) or LEESMIJ.md (``nl``) of a pack."""
    kind = _kind(contents.stream)
    label = _LABELS[lang][min(kind, 1)]
    text = _TEXTS[lang].format(
        one=_ONE[lang][kind],
        label=label,
        label_inside=label.lower(),
        stream=contents.stream,
        events=len(contents.bodies),
        origin=contents.checkpoint.origin,
        size=contents.checkpoint.size,
        root=b64encode(contents.checkpoint.root).decode(),
        opened=len(contents.openings),
        withheld=len(contents.withheld),
        created_at=format_instant(contents.created_at),
    )
    return text.encode()


def _kind(stream: str) -> int:
    if stream == LOG_STREAM:
        return 2
    return int(stream.startswith("org:"))
