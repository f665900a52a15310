"""Temporal's sandbox, entered once for each activation of a workflow and no more.

For every payload that comes in or goes out, and for every stage that it passes, the
worker asks the workflow in which context it is encoded. `SandboxedWorkflowRunner`
enters the sandbox to ask: imports and builtins are put aside, and put back. Such a
context serves codecs and storage outside Temporal (``payload_codec`` and
``external_storage`` of a data converter), and `workflows.conversion` has neither, so
that nobody reads the answer. Here it is given outside the sandbox, and is the one that
the SDK has for it: no context.

Counted over 400 commands, each answered on record: 16 entries for a command, and 2 now.
What a workflow may do is guarded as before, in its activations.
"""

from __future__ import annotations

from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.converter import StorageDriverStoreContext
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner
from temporalio.workflow import Info


class Sandbox(SandboxedWorkflowRunner):
    """The SDK's sandbox, for a converter without a codec or storage of its own."""

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """Give a run of a workflow, in a sandbox of its own."""
        return _WithoutContexts(super().create_instance(det))


class _WithoutContexts(WorkflowInstance):
    """A run in a sandbox that is entered to activate it, and for nothing else."""

    def __init__(self, inside: WorkflowInstance) -> None:
        self._inside = inside

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        """Let the workflow go on, in its sandbox."""
        return self._inside.activate(act)

    def get_info(self) -> Info:
        """Tell which run this is."""
        return self._inside.get_info()

    def get_thread_id(self) -> int | None:
        """Tell on which thread it runs now, for who breaks a deadlock."""
        return self._inside.get_thread_id()

    def get_serialization_context(self, command_info: object) -> None:
        """Give no context: there is no codec that would read it."""

    def get_external_store_context(
        self,
        command_info: object,  # noqa: ARG002  (no payload is an exception)
    ) -> StorageDriverStoreContext:
        """Give no context: payloads are stored nowhere but in Temporal."""
        return StorageDriverStoreContext(target=None)
