"""What the tests hold against a page."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from browsing import ALSO_IN_FIREFOX, Watched, wait_until


class Handler(BaseHTTPRequestHandler):
    """Answers with an empty page, but ``/never`` not before the server stops."""

    stopped = threading.Event()

    def do_GET(self) -> None:
        if self.path == "/never":
            self.stopped.wait()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html>")

    def log_message(self, *of_request: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    Handler.stopped.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        Handler.stopped.set()
        server.shutdown()


@ALSO_IN_FIREFOX
def test_requests_that_end_because_their_page_is_left_are_no_errors_and_all_else_is(
    watch: Callable[..., Watched], site: str
) -> None:
    watched = watch()
    page = watched.page()
    for address in (site, f"{site}/next"):
        page.goto(address)
        page.evaluate("() => { fetch('/never'); }")
        wait_until(page, lambda: watched.requests[-1] == f"{site}/never")
    page.goto(f"{site}/last")
    assert watched.errors == []
    page.evaluate("() => { setTimeout(() => { throw new Error('ours'); }); }")
    wait_until(page, lambda: watched.errors)
    assert watched.errors.pop() == "ours"
