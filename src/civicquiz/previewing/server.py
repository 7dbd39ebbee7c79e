"""The server of the preview: for this machine only, and it writes nothing."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import webbrowser
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from civicquiz.errors import PreviewError, display_path
from civicquiz.previewing.desk import Desk
from civicquiz.previewing.preview_packages import require_preview
from civicquiz.previewing.preview_pages import VIEWS, frame_page, list_page, list_state, quiz_page, quiz_state
from civicquiz.previewing.watching import interruptible, retried, saves

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["preview"]

#: With every answer: nothing is kept or guessed, and no page of another server can show ours or load parts of them.
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
#: How often a silent connection is tried, in seconds.
_HEARTBEAT = 15


def preview(path: Path, *, port: int, say: Callable[[str], object], open_browser: bool) -> None:
    """Show the quizzes that ``path`` names until the program is interrupted.

    Args:
        path: a quiz, a translation, or a folder.
        port: the port of the server; 0 for any that is free.
        say: prints a line.
        open_browser: whether to open the address in the browser.

    Raises:
        MissingPackagesError: the packages of the extra ``preview`` are not installed.
        PreviewError: there is no such file or folder, it cannot be watched, or the port cannot be used.
    """
    require_preview("The preview")
    import uvicorn

    desk = Desk(path)
    listener = _listener(port)
    number = listener.getsockname()[1]
    room = _Room(desk)

    class Server(uvicorn.Server):
        def handle_exit(self, sig: int, frame: Any) -> None:
            room.close()  # otherwise the server would wait for pages to leave
            super().handle_exit(sig, frame)

    config = uvicorn.Config(
        _for_this_machine(_application(room), number),
        log_config=None,
        access_log=False,
        lifespan="on",
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    address = f"http://127.0.0.1:{number}/"
    with interruptible(), listener:
        say(f"{display_path(path)} is shown at {address} (Ctrl+C ends it)")
        if open_browser:  # some browsers come back only when they are closed
            Thread(target=webbrowser.open, args=[address], daemon=True).start()
        server = Server(config)
        room.on_failure = lambda: setattr(server, "should_exit", True)
        server.run(sockets=[listener])
    if room.failure is not None:
        raise room.failure


def _listener(port: int) -> socket.socket:
    """A socket that only programs on this machine can connect to."""
    listener = socket.socket()
    try:
        if os.name == "posix":  # elsewhere, this would allow a port that another program uses
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()  # who comes before the server has started waits
    except OSError as error:
        listener.close()
        reason = (error.strerror or str(error)).lower()
        message = (
            f"the port {port} cannot be used: {reason}; name another one, or leave out --port to use any that is free"
        )
        raise PreviewError(message) from None
    return listener


class _Room:
    """The pages that are open, and the thread that reads what is saved."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        #: why the thread has ended, if it was not told to, and what to do then
        self.failure: Exception | None = None
        self.on_failure: Callable[[], object] = self.close
        self._closed = Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        #: a bell for each open page -> the quiz that it shows, None for the list
        self._bells: dict[asyncio.Event, str | None] = {}

    @asynccontextmanager
    async def follow_saves(self, _: Starlette) -> AsyncIterator[None]:
        self._loop = asyncio.get_running_loop()
        reader = Thread(target=self._read, daemon=True)
        reader.start()
        yield
        self._closed.set()
        await asyncio.to_thread(reader.join, 2)

    def _read(self) -> None:
        try:
            for _ in saves(self.desk.folders, self._closed):
                retried(self._refresh)
        except Exception as error:
            self.failure = error
            self.close()
            self.on_failure()

    def _refresh(self) -> None:
        self.desk.refresh(self._tell, [name for name in tuple(self._bells.values()) if name is not None])

    def _tell(self) -> None:
        if self._loop is not None:
            with suppress(RuntimeError):  # the server has just ended
                self._loop.call_soon_threadsafe(self._ring)

    def _ring(self) -> None:
        for bell in self._bells:
            bell.set()

    def close(self) -> None:
        """End the connections to all pages."""
        self._closed.set()
        self._tell()

    async def states(self, name: str | None) -> AsyncIterator[str]:
        """What a page shows, as server-sent events: now, and whenever it is something else."""
        bell = asyncio.Event()
        self._bells[bell] = name
        last = ""
        try:
            while not self._closed.is_set():
                bell.clear()
                state = json.dumps(list_state(self.desk) if name is None else quiz_state(self.desk, name))
                yield f"data: {state}\n\n" if state != last else ":\n\n"
                last = state
                with suppress(TimeoutError):
                    await asyncio.wait_for(bell.wait(), _HEARTBEAT)
        finally:
            del self._bells[bell]


def _application(room: _Room) -> Starlette:
    from starlette.applications import Starlette
    from starlette.exceptions import HTTPException
    from starlette.responses import HTMLResponse, StreamingResponse
    from starlette.routing import Route

    desk = room.desk

    def named(request: Request) -> str | None:
        """The quiz that is asked for, by the name that the list has for it and nothing else; None for the list."""
        name = request.query_params.get("quiz")
        if name is None and desk.folder is None:
            (name,) = desk.names
        if name is not None and name not in desk.quizzes:
            raise HTTPException(404, "There is no such quiz.")
        return name

    def page(request: Request) -> Response:
        name = named(request)
        if name is None:
            return HTMLResponse(list_page(display_path(desk.folder or "")))
        return HTMLResponse(quiz_page(name, in_list=desk.folder is not None))

    def frame(request: Request) -> Response:
        name, view = named(request), request.query_params.get("view", "")
        if name is None or view not in VIEWS or desk.quizzes[name].quiz is None:
            raise HTTPException(404, "There is nothing to show.")
        return HTMLResponse(frame_page(desk.quizzes[name], view, request.query_params.get("language")))

    async def events(request: Request) -> Response:
        return StreamingResponse(room.states(named(request)), media_type="text/event-stream")

    routes = [Route("/", page), Route("/frame", frame), Route("/events", events)]
    return Starlette(routes=routes, lifespan=room.follow_saves)


def _for_this_machine(application: ASGIApp, port: int) -> ASGIApp:
    """``application`` for requests to our own address: another name that leads here may be one that a page of somebody
    else has made lead here, to read what we send. All answers get our headers.
    """
    from starlette.datastructures import Headers, MutableHeaders
    from starlette.responses import PlainTextResponse

    hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost")}
    hosts |= {"127.0.0.1", "localhost"} if port == 80 else set()

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_HEADERS)
                # A page says in its head what it may load; anything else that we send is not a page.
                is_page = headers.get("content-type", "").startswith("text/html")
                headers["Content-Security-Policy"] = (
                    "frame-ancestors 'self'" if is_page else "default-src 'none'; frame-ancestors 'none'"
                )
            await send(message)

        if scope["type"] == "http" and Headers(scope=scope).getlist("host") not in [[host] for host in hosts]:
            await PlainTextResponse("This is not the address of this preview.", 421)(scope, receive, send_with_headers)
        else:
            await application(scope, receive, send_with_headers)

    return guarded
