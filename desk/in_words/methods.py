"""A method in words: what roles may do, how long windows last, and what is wrong.

What is wrong with a file is said in English by whoever finds it; here it is said in the
language of the reader, by the pattern that it was made of.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from desk.in_words.yaml import not_yaml
from desk.saying import in_words
from language import mark
from language.speaking import _, lang

if TYPE_CHECKING:
    from domain.method import Window
    from domain.terms import Duration

RIGHTS: Final[Mapping[str, str]] = {
    "steer": mark("runs the process"),
    "complete": mark("completes items"),
    "respond": mark("responds"),
    "stakeholders": mark("keeps the register of stakeholders"),
    "interests": mark("keeps interests"),
    "meetings": mark("keeps meetings"),
    "answers": mark("answers responses"),
    "agreements": mark("keeps agreements"),
}
"""What each right of a role lets its holders do."""


def lasts(duration: Duration) -> str:
    """Say how long a window is open."""
    if duration.until is not None:
        return _("up to and including {day}").format(day=duration.until.isoformat())
    if duration.calendar_days is not None:
        return _("{n} calendar days").format(n=duration.calendar_days)
    return _("{n} working days").format(n=duration.working_days)


def opens(window: Window, step: str) -> str:
    """Say what opens a window; ``step`` is the title of the step, if one does."""
    if window.opens.on == "step_started":
        return _("opens when “{step}” starts").format(step=step)
    if window.opens.on == "step_completed":
        return _("opens when “{step}” is complete").format(step=step)
    return _("opened by hand")


def wrong(message: str) -> str:
    """Say what is wrong with a method, in the language that is spoken here."""
    return not_yaml(message) or in_words(message, _MESSAGES, lang())


def remedy(text: str) -> str:
    """Say what would help, as a sentence, in the language that is spoken here."""
    told = in_words(text, _REMEDIES, lang())
    return told if told.endswith((".", "?")) else f"{told}."


_MESSAGES: Final = (
    mark("{name} is missing"),
    mark("this does not go together"),
    mark("the text has no {language}"),
    mark("the file holds no method"),
    mark("the file is not UTF-8"),
    mark("no role may run the process"),
    mark("every score would be weak"),
    mark("a language is given twice"),
    mark("a second document begins here"),
    mark("the name of a member must be a word"),
    mark("a part is named with & here"),
    mark("a type is given with ! here"),
    mark("steps need one another in a circle: {steps}"),
    mark("the step needs {need}, which lies in a later phase"),
    mark("the text is longer than {limit} characters"),
    mark("the file is larger than {limit} bytes"),
    mark("the method measures {size} bytes compiled, above {limit}"),
    mark("parts lie more than {n} deep inside one another"),
    mark("the character {which} can't stand in a method"),
    mark("this is not YAML: {what}"),
    mark("*{anchor} is a reference to another place in the file"),
    mark("another {what} {where} has the id {name}"),
    mark("{expected} is expected here, not {value}"),
    mark("the role {name} is built in"),
    mark("{name} is given twice"),
    mark("{name} has no meaning here"),
    mark("{name} is no language of this method"),
    mark("{value} is no language here"),
    mark("{value} is no choice here"),
    mark("{value} is no version"),
    mark("{value} can't be an id"),
    mark("{value} is below {limit}"),
    mark("{value} is above {limit}"),
    mark("{name} is no {what}"),
)
_REMEDIES: Final = (
    mark("Add {name}: to this part. {meant}"),
    mark("Add {name}: to this part"),
    mark("Add {language}: …"),
    mark("Did you mean {name}?"),
    mark("Choose from: {choices}; put text with a comma in quotes"),
    mark("Choose from: {choices}"),
    mark("Define a {what} first"),
    mark("Take it out, or add {language} to languages"),
    mark("Take it out; it is probably invisible"),
    mark("Take it out"),
    mark("Write two or three numbers with dots between, such as 1.0"),
    mark("Use lower-case letters, digits, - and _, 63 at most, such as {example}"),
    mark("Use lower-case letters, digits, - and _, 63 at most"),
    mark("Choose a number within the limits"),
    mark("Choose another id"),
    mark("Give each an id of its own"),
    mark("Give one role: may: [steer, complete]"),
    mark("Give a number below the scale"),
    mark("Keep each language once"),
    mark("Keep one of the two"),
    mark("Keep one method in a file and take out the line ---"),
    mark("Move one of the two, or take the need away"),
    mark("Take one of the needs away"),
    mark("Take the & and its name out; if it is text, put it in quotes"),
    mark("Take the ! and its name out; if it is text, put it in quotes"),
    mark("Shorten help and advice, or refer to a document"),
    mark("Shorten it; a method refers to long documents instead of holding them"),
    mark("Shorten it"),
    mark("Save it in the encoding UTF-8"),
    mark("Begin with id:, version:, title: and so on, each on its own line"),
    mark("Write a line of text, in quotes if it is a word like true"),
    mark("Write something, or leave the member out"),
    mark("Write true or false, without quotes"),
    mark("Write digits only, such as 10"),
    mark("Put each on a line of its own after a dash, or leave the member out"),
    mark("Write nl: … and en: … on lines of their own below it"),
    mark("Write its members as name: value on lines below it"),
    mark("Add one, or leave the member out"),
    mark("Write year-month-day, such as 2026-12-01"),
    mark("Write name: value; put text that begins with {sign} in quotes"),
    mark("Write the part out in full; if it is text, put it in quotes"),
    mark("Look for a bracket or an indent too many"),
    mark("Put text that holds a colon in quotes, or check the indent"),
    mark("Indent with spaces, never with tabs"),
    mark("Close the quote or the bracket that was opened above"),
    mark("Check the indent of this line, and quotes and brackets around it"),
)
