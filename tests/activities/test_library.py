"""A method that a dialogue goes over to is found in the library, or there is none."""

from __future__ import annotations

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.contracts import UNFIT, MethodRequest
from activities.library import Library as Compiling
from desk.library import Library
from evidence.canonical import content_hash
from methods.load import shipped

KNOWN = shipped()["stakeholderdialoog"]


def compiling() -> Compiling:
    """Give the activities over what ships."""
    library = Library()
    return Compiling(library.compile, library.compiled)


@pytest.mark.parametrize("digest", [None, KNOWN.hash])
async def test_a_method_is_found_by_its_hash_or_is_the_newest(
    digest: str | None,
) -> None:
    """With the hash of what comes."""
    request = MethodRequest(method=KNOWN.method.id, method_hash=digest)
    found = await ActivityEnvironment().run(compiling().find_method, request)
    assert (found.method, found.method_hash) == (KNOWN.method, KNOWN.hash)
    assert content_hash(found.method.model_dump(mode="json")) == found.method_hash


@pytest.mark.parametrize(
    ("method", "digest"), [("nergens", None), (KNOWN.method.id, "0" * 64)]
)
async def test_a_method_that_there_is_not_is_not_tried_again(
    method: str, digest: str | None
) -> None:
    """And the answer names those that there are."""
    request = MethodRequest(method=method, method_hash=digest)
    with pytest.raises(ApplicationError, match=KNOWN.method.id) as refused:
        await ActivityEnvironment().run(compiling().find_method, request)
    assert (refused.value.type, refused.value.non_retryable) == (UNFIT, True)
