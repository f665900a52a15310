"""What an organisation puts into force is an event of its own stream.

A method that was published stands in the library with its text; the event says who
published it, for which organisation and when, and pins its content by its hash.
"""

from __future__ import annotations

from domain.facts import Fact
from domain.references import MethodRef


class MethodPublished(Fact):
    """An organisation published a version of a method. Nothing private."""

    method: MethodRef
