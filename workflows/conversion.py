"""How Polder's payloads are read: what nobody named a type for stays raw.

The SDK decodes the arguments of a workflow before Polder sees them, and a workflow
whose arguments can't be decoded, or are too many, would try again for ever. Raw, they
reach `workflows.beginning`, which says what is wrong with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from temporalio.api.common.v1 import Payload
from temporalio.common import RawValue
from temporalio.contrib.pydantic import (
    PydanticPayloadConverter,
    pydantic_data_converter,
)


class RawUnlessTyped(PydanticPayloadConverter):
    """Reads payloads by the types that are asked for, and keeps others as they are."""

    def from_payloads(
        self, payloads: Sequence[Payload], type_hints: list[type] | None = None
    ) -> list[Any]:
        """Give one value for each payload."""
        if type_hints is None:
            return [RawValue(payload) for payload in payloads]
        return super().from_payloads(payloads, type_hints)


WORKER_CONVERTER: Final = replace(
    pydantic_data_converter, payload_converter_class=RawUnlessTyped
)
"""For workers and replayers; clients use `pydantic_data_converter`."""
