"""The stand-in on a local port: threads, connections that stay open, and one buffered write per answer."""

from __future__ import annotations

import gzip
import select
import socket
import struct
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeAlias
from urllib.parse import urlsplit

from tests.google_service.gateway import Incoming, Outgoing, answer
from tests.google_service.misbehave import Fault, Planned
from tests.google_service.service import Service

#: The hosts whose requests a client may send here.
HOSTS = ("googleapis.com", "accounts.google.com")
#: Shorter answers are sent as they are.
_WORTH_PACKING = 1000
_Request: TypeAlias = "socket.socket | tuple[bytes, socket.socket]"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Listener
    # Otherwise an answer can wait 40 ms for a delayed acknowledgement.
    disable_nagle_algorithm = True

    def handle(self) -> None:
        """Answer one call after the other, unmeasured: it is the program whose lines are counted."""
        sys.settrace(None)
        super().handle()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Say nothing."""

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        self._answer()

    def do_PATCH(self) -> None:
        self._answer()

    def do_DELETE(self) -> None:
        self._answer()

    def _answer(self) -> None:
        if self.server.closed:
            self._reset()
            return
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        url = urlsplit(self.path)
        incoming = Incoming(
            http=self.command,
            path=url.path,
            query=url.query,
            token=self.headers.get("Authorization", "").removeprefix("Bearer "),
            content_type=self.headers.get("Content-Type", ""),
            body=body,
        )
        if not self._is_for_us():
            self._send(_bytes_of(Outgoing(status=404)))
            return
        outgoing = answer(self.server.running.service, incoming)
        if outgoing.fault is None or not self._went_wrong(outgoing, outgoing.fault):
            self._send(_bytes_of(self._packed(outgoing)))

    def _packed(self, outgoing: Outgoing) -> Outgoing:
        """Pack an answer of some length if the client takes that, as Google does."""
        if "gzip" not in self.headers.get("Accept-Encoding", "") or len(outgoing.body) < _WORTH_PACKING:
            return outgoing
        body = gzip.compress(outgoing.body, compresslevel=6, mtime=0)
        if outgoing.entry is not None:
            outgoing.entry.bytes_packed = len(body)
        return replace(outgoing, body=body, headers={**outgoing.headers, "Content-Encoding": "gzip"})

    def _is_for_us(self) -> bool:
        host = self.headers.get("X-Goog-Original-Host")
        return host is None or host.partition(":")[0].endswith(HOSTS)

    def _send(self, data: bytes) -> None:
        with suppress(ConnectionError):
            self.wfile.write(data)

    def _went_wrong(self, outgoing: Outgoing, plan: Planned) -> bool:
        """Let the connection misbehave; False if the answer is to be sent as it is."""
        if plan.fault is Fault.SLOW:
            time.sleep(plan.seconds)
            return False
        if plan.fault in (Fault.TIMEOUT_BEFORE, Fault.TIMEOUT_AFTER):
            self._wait_until_given_up(plan.seconds)
        elif plan.fault is Fault.RESET_IN_BODY:
            data = _bytes_of(outgoing)  # plain, so that half of it is half of its JSON
            self._send(data[: len(data) - max(1, len(outgoing.body) // 2)])
            time.sleep(0.02)
            self._reset()
        elif plan.fault is Fault.CUT_JSON:
            self._send(
                _bytes_of(Outgoing(status=outgoing.status, body=outgoing.body[: len(outgoing.body) // 2]))
            )
        elif plan.fault is Fault.REFUSED:
            self.server.running.stop_listening_for(plan.seconds)
            self._reset()
        else:
            return False
        return True

    def _wait_until_given_up(self, seconds: float) -> None:
        select.select([self.connection], [], [], seconds)
        self.close_connection = True

    def _reset(self) -> None:
        self.close_connection = True
        _reset(self.connection)


def _reset(connection: socket.socket) -> None:
    """Let the other side see a reset, not an end."""
    with suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RD)


def _bytes_of(outgoing: Outgoing) -> bytes:
    lines = [f"HTTP/1.1 {outgoing.status} {_phrase(outgoing.status)}"]
    if outgoing.status != HTTPStatus.NO_CONTENT:
        lines.append(f"Content-Type: {outgoing.content_type}")
    lines.append(f"Content-Length: {len(outgoing.body)}")
    lines += [f"{name}: {value}" for name, value in outgoing.headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + outgoing.body


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], running: Server) -> None:
        self.running = running
        self.open: set[socket.socket] = set()
        #: Nothing is answered any more, on the connections that are still open neither.
        self.closed = False
        super().__init__(address, _Handler)

    def process_request(self, request: _Request, client_address: object) -> None:
        if isinstance(request, socket.socket):
            self.open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: _Request) -> None:
        if isinstance(request, socket.socket):
            self.open.discard(request)
        with suppress(OSError):
            super().shutdown_request(request)

    def handle_error(self, request: _Request, client_address: object) -> None:
        """A client that goes away is no error; anything else is a fault of the stand-in."""
        import sys

        error = sys.exception()
        if not isinstance(error, ConnectionError | TimeoutError):
            self.running.service.problems.append(f"The stand-in failed: {error!r}")
            super().handle_error(request, client_address)


class Server:
    """The service on a port; it can stop listening for a while."""

    def __init__(self, port: int = 0) -> None:
        self._listener = _Listener(("127.0.0.1", port), self)
        self.port = int(self._listener.server_address[1])
        self.service = Service(f"http://127.0.0.1:{self.port}")
        self._go_on = threading.Event()
        self._pause: threading.Thread | None = None
        self._start()

    def _start(self) -> None:
        threading.Thread(target=self._listener.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Stop for good, open connections included."""
        self._listener.closed = True
        self._listener.shutdown()
        self._listener.server_close()
        for connection in list(self._listener.open):
            _reset(connection)

    @contextmanager
    def not_listening(self) -> Iterator[None]:
        """Connections are refused while this lasts."""
        self.close()
        try:
            yield
        finally:
            self._listener = _Listener(("127.0.0.1", self.port), self)
            self._start()

    def stop_listening_for(self, seconds: float) -> None:
        """Refuse connections for a while, beginning now."""
        if self._pause is not None and self._pause.is_alive():
            return
        closed = threading.Event()
        self._go_on.clear()

        def pause() -> None:
            with self.not_listening():
                closed.set()
                self._go_on.wait(seconds)

        self._pause = threading.Thread(target=pause, daemon=True)
        self._pause.start()
        closed.wait(5)

    def listen_again(self) -> None:
        """End a pause at once."""
        self._go_on.set()
        if self._pause is not None:
            self._pause.join()
