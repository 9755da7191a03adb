"""How the HTTP side says no: one JSON shape, and OpenAI's own below /v1."""

from collections.abc import Mapping

from fastapi.responses import JSONResponse
from starlette.types import Scope

_KINDS = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    429: "rate_limit_error",
    500: "server_error",
    503: "server_error",
}


def refusal(
    scope: Scope, status: int, message: str, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """Return `message` (Chinese, for the user) in the shape that this route's clients expect."""
    if str(scope["path"]).startswith("/v1/"):
        kind = _KINDS.get(status, "invalid_request_error")
        error = {"message": message, "type": kind, "param": None, "code": None}
        return JSONResponse({"error": error}, status_code=status, headers=headers)
    return JSONResponse({"detail": message}, status_code=status, headers=headers)
