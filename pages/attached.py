"""What somebody takes along: a file, saved under a name."""

from __future__ import annotations

from fastapi.responses import Response


def attached(content: str | bytes, name: str, media_type: str) -> Response:
    """Give a file to be saved; ``name`` has no quotes in it."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)
