"""What a visitor sees when a request fails: one clear line, never the text of an unexpected exception."""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from groundswell.errors import NotFoundError, UsageError
from groundswell.web.html.templating import render
from groundswell.web.middleware.security_headers import HEADERS

log = logging.getLogger("groundswell")

CODES = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    414: "address_too_long",
    429: "too_many_requests",
    431: "headers_too_large",
    500: "internal_error",
    503: "busy",
}
TITLES = {
    400: "This request cannot be answered",
    404: "Not found",
    429: "Too many requests",
    500: "Something went wrong",
    503: "Busy",
}


def install(app: FastAPI) -> None:
    """Teach the application to answer every failure in one shape: a page, or JSON below ``/api``."""
    app.add_exception_handler(NotFoundError, _not_found)
    app.add_exception_handler(UsageError, _usage)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


def answer(request: Request, status: int, message: str) -> Response:
    """The failure as JSON for programs and as a page for readers."""
    if request.url.path.startswith("/api/"):
        error = {"code": CODES.get(status, "error"), "message": message}
        return JSONResponse({"error": error}, status)
    return render(request, "error.html", status, title=TITLES.get(status, "This did not work"), message=message)


def _not_found(request: Request, error: Exception) -> Response:
    return answer(request, 404, str(error))


def _usage(request: Request, error: Exception) -> Response:
    return answer(request, 400, str(error))


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101  (registered for this class alone)
    first = error.errors()[0]
    return answer(request, 400, f"{first['loc'][-1]}: {first['msg']}.")


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  (registered for this class alone)
    message = f"There is nothing at {request.url.path[:200]}." if error.status_code == 404 else f"{error.detail}."
    response = answer(request, error.status_code, message)
    response.headers.update(error.headers or {})
    return response


def _unexpected(request: Request, error: Exception) -> Response:
    # The path alone: what stands behind it may be what a person looked for.
    fields = {"method": request.method, "path": request.url.path[:200], "status": 500, "error": type(error).__name__}
    log.error("%s %s failed: %s", fields["method"], fields["path"], fields["error"], extra={"fields": fields})
    response = answer(request, 500, "The page could not be made. The cause is in the server's log.")
    response.headers.update(HEADERS)  # this handler stands outside the middleware that adds them elsewhere
    return response
