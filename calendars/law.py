"""The law decides which days count, not the library of holidays.

Netherlands, Algemene termijnenwet (Atw, law of 25 July 1964):
art. 1(1): a term that ends on a Saturday, Sunday or generally recognised holiday
runs on to the end of the next day that is none of these.
art. 2: a term of three days or more is lengthened until it holds at least two
days that are none of these.
art. 3: (1) New Year's Day, Easter Monday, Whit Monday, both Christmas days,
Ascension Day, the day on which the King's birthday is celebrated and the fifth of
May, every year; (2) Good Friday; (3) days equated by royal decree.
art. 4(a): none of this holds for terms of more than 90 days (nor for more than
twelve weeks or three months, which are not ways to state a term here).

Belgium, Gerechtelijk Wetboek / Code judiciaire:
art. 52: a term counts from the day after the act, and counts every day.
art. 53: the last day is part of the term; when it is a Saturday, a Sunday or a
legal holiday, it moves to the next working day.
Flemish law on public consultation says the same: decreet algemene bepalingen
milieubeleid (5 April 1995) art. 16.1.3 § 1.
The ten legal holidays: royal decree of 18 April 1974, art. 1.

Both laws bind terms set by law (art. 48 of the Belgian code: acts of procedure).
A dialogue's own window is held to the same rules because that is what people
expect of an authority. See docs/decisions/2026-11-21-terms.md.
"""

from __future__ import annotations

from datetime import date

from domain.calendar import TermLaw

DUTCH = TermLaw(
    counting="NL:Atw:3",
    rolling="NL:Atw:1",
    minimum="NL:Atw:2",
    minimum_from=3,
    minimum_days=2,
    exempt="NL:Atw:4",
    exempt_above=90,
)
BELGIAN = TermLaw(counting="BE:KB-1974-04-18:1", rolling="BE:GerW:53")

ALWAYS_COUNTED = ((5, 5),)
"""Month and day of what counts as a holiday in the Netherlands every year, and is
missing from the days that people have off (Atw art. 3(1))."""

EQUATED_BY_DECREE = tuple(
    date.fromisoformat(day)
    for day in (
        # Royal decree of 24 October 2016, Stcrt. 2016, 58653 (BWBR0038666).
        "2017-04-28",
        "2017-05-26",
        "2018-05-11",
        "2018-12-24",
        "2018-12-31",
        "2019-05-31",
        "2019-12-27",
        # Royal decree of 20 September 2019.
        "2020-05-22",
        "2021-05-14",
        "2022-05-27",
        # "Besluit gelijkstelling van 28 april 2023, 19 mei 2023, 10 mei 2024,
        # 27 december 2024 en 30 mei 2025 met een algemeen erkende feestdag".
        "2023-04-28",
        "2023-05-19",
        "2024-05-10",
        "2024-12-27",
        "2025-05-30",
        # "Besluit gelijkstelling van 2 januari 2026, 15 mei 2026, 7 mei 2027,
        # 28 april 2028 en 26 mei 2028 met een algemeen erkende feestdag".
        "2026-01-02",
        "2026-05-15",
        "2027-05-07",
        "2028-04-28",
        "2028-05-26",
    )
)
"""Days equated with a holiday by royal decree (Atw art. 3(3)), from 2017 on.

Such a decree is made about every three years. The next one, for 2029 and after,
does not exist yet: a dialogue that reaches that far gets it by `renew_calendar`.
Earlier decrees are left out, since no dialogue in Polder is that old.
"""

DECREES_KNOWN = (EQUATED_BY_DECREE[0].year, EQUATED_BY_DECREE[-1].year)
"""First and last year for which the equated days are known."""
