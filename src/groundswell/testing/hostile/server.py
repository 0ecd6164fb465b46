"""A loopback server that sends the cases, and a resolver of host names that point to internal addresses."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from groundswell.testing.hostile.case import Case, ReceivedRequest

INTERNAL_HOSTS = {"metadata.hostile": "169.254.169.254", "inside.hostile": "10.0.0.1"}


def resolve_hostile_host(host: str, port: int) -> list[str]:
    """Return the addresses of a host name that the cases use; an address resolves to itself."""
    return [INTERNAL_HOSTS.get(host, host)]


@contextmanager
def serve_cases(cases: Iterable[Case]) -> Iterator[str]:
    """Serve each case under its name while the block runs; yields the server's address."""
    by_name = {case.name: case for case in cases}

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Log nothing."""

        def do_GET(self) -> None:
            _, name, *rest = self.path.split("/", 2)
            answer = by_name[name].answer(ReceivedRequest(root, "".join(rest), dict(self.headers)))
            self.send_response(answer.status)
            for header, value in answer.headers.items():
                self.send_header(header, value)
            self.end_headers()
            for piece in answer.body:
                self.wfile.write(piece)

        def handle(self) -> None:
            with suppress(ConnectionError):  # the reader may close the connection early
                super().handle()

        def finish(self) -> None:
            with suppress(ConnectionError):
                super().finish()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    root = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, name="hostile")
    thread.start()
    try:
        yield root
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
