"""A catalogue in text form says in gettext's binary form exactly the same."""

from __future__ import annotations

from gettext import GNUTranslations
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.catalogue import MalformedCatalogue, entries, to_mo

HEADER = """\
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"""

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\x00\x04"), min_size=1)


def read(body: str) -> GNUTranslations:
    """The catalogue as the standard library reads it."""
    return GNUTranslations(BytesIO(to_mo(f"{HEADER}\n{body}")))


def quoted(text: str) -> str:
    """A text as a PO file has it, with everything unusual escaped in octal bytes."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    for sign, escape in (("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r")):
        plain = plain.replace(sign, escape)
    return f'"{plain}"'


def test_a_text_over_many_lines_is_one_text() -> None:
    """Texts on following lines are joined, for key and translation."""
    found = read('msgid ""\n"one "\n"two"\nmsgstr ""\n"een "\n"twee\\n"\n')
    assert found.gettext("one two") == "een twee\n"


def test_plurals_follow_the_rule_of_the_language() -> None:
    """The form is chosen by the header's rule."""
    found = read(
        'msgid "{n} item"\nmsgid_plural "{n} items"\n'
        'msgstr[0] "{n} punt"\nmsgstr[1] "{n} punten"\n'
    )
    forms = [found.ngettext("{n} item", "{n} items", n) for n in (0, 1, 2)]
    assert forms == ["{n} punten", "{n} punt", "{n} punten"]


def test_the_same_word_can_differ_by_context() -> None:
    """A context sets two equal texts apart."""
    found = read(
        'msgctxt "month"\nmsgid "May"\nmsgstr "mei"\n\n'
        'msgctxt "verb"\nmsgid "May"\nmsgstr "mag"\n'
    )
    assert (found.pgettext("month", "May"), found.pgettext("verb", "May")) == (
        "mei",
        "mag",
    )


@pytest.mark.parametrize(
    "body",
    [
        '#, fuzzy\nmsgid "a"\nmsgstr "b"\n',
        'msgid "a"\nmsgstr ""\n',
        '#~ msgid "a"\n#~ msgstr "b"\n',
    ],
)
def test_what_is_not_settled_is_not_used(body: str) -> None:
    """A fuzzy, an empty and an obsolete translation leave the key as it is."""
    assert read(body).gettext("a") == "a"


def test_a_fuzzy_mark_is_for_one_entry() -> None:
    """The entry after a fuzzy one is used."""
    found = read('#, fuzzy\nmsgid "a"\nmsgstr "x"\n\nmsgid "b"\nmsgstr "y"\n')
    assert (found.gettext("a"), found.gettext("b")) == ("a", "y")


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ('msgid "a"\nmsgstr b\n', 6),
        ('msgid "a"\nmsgstr "b\\"\n', 6),
        ('msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"\n', 8),
        ('msgid "a"\nmsgstr "b"\nmsgstr "c"\n', 7),
        ('msgid "a"\nmsgstr "b"\n\nmsgid "c"\n', 8),
    ],
)
def test_a_mistake_is_named_by_its_line(body: str, line: int) -> None:
    """A line that can't be read, a key that comes twice, an entry without an end."""
    with pytest.raises(MalformedCatalogue) as caught:
        to_mo(f"{HEADER}\n{body}")
    assert caught.value.line == line


@given(st.dictionaries(TEXTS, TEXTS, max_size=8))
def test_any_text_survives(texts: dict[str, str]) -> None:
    """Whatever is written in a catalogue is what gettext gives."""
    body = "\n".join(
        f"msgid {quoted(key)}\nmsgstr {quoted(text)}\n" for key, text in texts.items()
    )
    found = read(body)
    assert {key: found.gettext(key) for key in texts} == texts


def test_an_entry_knows_its_line() -> None:
    """Entries come in order, each with the line on which it begins."""
    found = list(entries(f'{HEADER}\nmsgid "a"\nmsgstr "b"\n'))
    assert [(entry.line, entry.key) for entry in found] == [(1, ""), (5, "a")]
