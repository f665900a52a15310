"""The connection to Temporal that all workers of a process share."""

from __future__ import annotations

from collections.abc import Mapping

from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from activities.contracts import APPEND
from observing.tracing import Traces
from workflows.search import KEYS


async def connect(environment: Mapping[str, str], traces: Traces) -> Client:
    """Connect to Temporal; where that can't be the worker ends."""
    address = environment["TEMPORAL_ADDRESS"]
    try:
        client = await Client.connect(
            address,
            namespace=environment.get("TEMPORAL_NAMESPACE", "default"),
            data_converter=pydantic_data_converter,
            interceptors=traces.interceptors(APPEND),
        )
    except RuntimeError as error:
        raise SystemExit(f"Temporal at {address} does not answer: {error}") from None
    await check_search_attributes(client)
    return client


async def check_search_attributes(client: Client) -> None:
    """Refuse to start where Polder's search attributes are not registered.

    A workflow that sets an unknown one would fail its task again and again.
    """
    answer = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    known = {*answer.custom_attributes, *answer.system_attributes}
    missing = [key.name for key in KEYS if key.name not in known]
    if missing:
        names = ", ".join(missing)
        message = (
            f"Temporal does not know the search attributes {names}. "
            "Register them with: polder cluster search-attributes"
        )
        raise SystemExit(message)
