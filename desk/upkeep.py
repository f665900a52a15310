"""What an operator does: the schema, the search attributes, and whether all is well."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any, Final, NamedTuple

from temporalio.api.enums.v1 import IndexedValueType, TaskQueueType
from temporalio.api.operatorservice.v1 import (
    AddSearchAttributesRequest,
    ListSearchAttributesRequest,
)
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.contracts import TASK_QUEUE
from desk.errors import Unreachable
from desk.reachable import NO_TEMPORAL, one_line, reaching
from language import mark
from storage import migrate as schema
from workflows.search import KEYS, SEARCH_ATTRIBUTES

__all__ = [
    "SEARCH_ATTRIBUTES",
    "Schema",
    "migrate",
    "register_search_attributes",
    "schema_status",
    "temporal",
    "workers",
]

_NO_DATABASE: Final = mark("The database does not answer: {problem}.")
_NOT_REGISTERED: Final = mark("The search attributes can't be registered: {problem}")


class Schema(NamedTuple):
    """Migrations that a database has had, and those it lacks: number and name."""

    applied: tuple[str, ...]
    missing: tuple[str, ...]


async def migrate(url: str, keys: str | None = None) -> Schema:
    """Bring record and keys to the newest schema. Raises `Unreachable`.

    ``keys``: where those of the vault are; by default beside the record.
    """
    return await _schema(schema.migrate, url, keys)


async def schema_status(url: str, keys: str | None = None) -> Schema:
    """Tell what record and keys have had. Raises `Unreachable`."""
    return await _schema(schema.status, url, keys)


async def _schema(act: Any, url: str, keys: str | None) -> Schema:  # noqa: ANN401
    with reaching(_NO_DATABASE):
        now = await asyncio.to_thread(act, url, keys)
    return Schema(
        tuple(f"{step.number:04} {step.name}" for step in now.applied),
        tuple(f"{step.number:04} {step.name}" for step in now.pending),
    )


async def temporal(address: str, namespace: str) -> Client:
    """Connect to Temporal. Raises `Unreachable`."""
    try:
        return await Client.connect(address, namespace=namespace)
    except (RuntimeError, OSError, RPCError) as error:
        raise Unreachable(NO_TEMPORAL, address=address) from error


async def register_search_attributes(client: Client) -> tuple[str, ...]:
    """Register what Temporal does not know yet; return the names that were new.

    Waits until they can be used. Raises `Unreachable`.
    """
    try:
        missing = await _missing(client)
        if missing:
            await _register(client, missing)
        while await _missing(client):  # noqa: ASYNC110  (the server tells nobody)
            await asyncio.sleep(0.1)
    except RPCError as error:
        raise Unreachable(_NOT_REGISTERED, problem=one_line(error)) from error
    return tuple(missing)


async def _register(client: Client, names: list[str]) -> None:
    types = {
        key.name: IndexedValueType.ValueType(int(key.indexed_value_type))
        for key in KEYS
        if key.name in names
    }
    request = AddSearchAttributesRequest(
        namespace=client.namespace, search_attributes=types
    )
    try:
        await client.operator_service.add_search_attributes(request)
    except RPCError as error:
        # Somebody registered them a moment earlier.
        if error.status is not RPCStatusCode.ALREADY_EXISTS:
            raise


async def _missing(client: Client) -> list[str]:
    known = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    return [key.name for key in KEYS if key.name not in known.custom_attributes]


async def workers(client: Client) -> tuple[str, ...]:
    """Name the workers that ask for work at this moment: ``pid@host``."""
    try:
        described = await client.workflow_service.describe_task_queue(
            DescribeTaskQueueRequest(
                namespace=client.namespace,
                task_queue=TaskQueue(name=TASK_QUEUE),
                task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
            ),
            timeout=timedelta(seconds=5),
        )
    except RPCError as error:
        raise Unreachable(
            NO_TEMPORAL, address=client.service_client.config.target_host
        ) from error
    return tuple(poller.identity for poller in described.pollers)
