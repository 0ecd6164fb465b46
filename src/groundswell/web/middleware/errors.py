"""Error responses: one clear sentence for the visitor, never the text of an unexpected exception."""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from groundswell.errors import NotFoundError, StoreError, UsageError
from groundswell.schemas.addresses import API_ROOT
from groundswell.schemas.base import ErrorAnswer, ErrorDetail
from groundswell.web.html.templating import render
from groundswell.web.middleware.security_headers import SECURITY_HEADERS

log = logging.getLogger("groundswell")

ERROR_CODES = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    414: "address_too_long",
    421: "wrong_host",
    429: "too_many_requests",
    431: "headers_too_large",
    500: "internal_error",
    503: "busy",
}
PAGE_TITLES = {
    400: "Invalid request",
    404: "Not found",
    421: "Not the address of this site",
    429: "Too many requests",
    500: "Something went wrong",
    503: "The server is busy",
}


def install_error_handlers(app: FastAPI) -> None:
    """Make the application answer every failure with ``error_response``."""
    app.add_exception_handler(NotFoundError, _handle_not_found)
    app.add_exception_handler(UsageError, _handle_usage)
    app.add_exception_handler(RequestValidationError, _handle_invalid_request)
    app.add_exception_handler(HTTPException, _handle_http)
    app.add_exception_handler(StoreError, _handle_unexpected)
    app.add_exception_handler(Exception, _handle_unexpected)


def error_response(request: Request, status: int, message: str) -> Response:
    """Return the error as JSON below ``/api``, elsewhere as a page."""
    if request.scope["path"].startswith(API_ROOT):
        detail = ErrorDetail(code=ERROR_CODES.get(status, "error"), message=message)
        return JSONResponse(ErrorAnswer(error=detail).model_dump(), status)
    return render(request, "error.html", status, title=PAGE_TITLES.get(status, "The request failed"), message=message)


def _handle_not_found(request: Request, error: Exception) -> Response:
    return error_response(request, 404, str(error))


def _handle_usage(request: Request, error: Exception) -> Response:
    return error_response(request, 400, str(error))


def _handle_invalid_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101  (registered for this class alone)
    first_error = error.errors()[0]
    return error_response(request, 400, f"{first_error['loc'][-1]}: {first_error['msg']}.")


def _handle_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  (registered for this class alone)
    message = f"There is nothing at {request.scope['path'][:200]}." if error.status_code == 404 else f"{error.detail}."
    response = error_response(request, error.status_code, message)
    response.headers.update(error.headers or {})
    return response


def _handle_unexpected(request: Request, error: Exception) -> Response:
    # The log gets the path without the query, which may be a person's search.
    status = 503 if isinstance(error, StoreError) else 500
    path = request.scope["path"][:200]
    fields = {"method": request.method, "path": path, "status": status, "error": type(error).__name__}
    why = f": {error}" if isinstance(error, StoreError) else ""
    log.error("%s %s failed: %s%s", fields["method"], fields["path"], fields["error"], why, extra={"fields": fields})
    what = "The store cannot be read now" if status == 503 else "The page could not be rendered"
    response = error_response(request, status, f"{what}. The cause is in the server log.")
    response.headers.update(SECURITY_HEADERS)  # this handler runs outside the middleware that adds them elsewhere
    return response
