"""A vendor's API on loopback: speaks its paging, checks its keys, and has every fault on demand."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

SECRET = "s3cret-Key/with+signs=="  # noqa: S105 - that is the point


@dataclass(frozen=True)
class Asked:
    """One request as the server got it."""

    method: str
    path: str
    query: Mapping[str, str]
    body: Any
    headers: Mapping[str, str]
    base: str


@dataclass(frozen=True)
class Reply:
    """One answer: JSON unless it is text or bytes."""

    body: Any = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Fault:
    """What happens to the `at`-th request for data, `times` times over, instead of its answer."""

    at: int
    reply: Reply
    times: int = 1


class ApiServer:
    """The running server; `answer` is the vendor's, `is_data` tells requests for records."""

    def __init__(
        self, answer: Callable[[Asked], Reply], is_data: Callable[[Asked], bool] = lambda _: True
    ) -> None:
        self.answer, self.is_data = answer, is_data
        self.asked: list[Asked] = []
        self.faults: list[Fault] = []
        self.served = 0
        self.base = ""
        self._order = threading.Lock()

    @property
    def data(self) -> list[Asked]:
        return [asked for asked in self.asked if self.is_data(asked)]

    def reply(self, asked: Asked) -> Reply:
        with self._order:
            self.asked.append(asked)
            if not self.is_data(asked):
                return self.answer(asked)
            for fault in self.faults:
                if fault.at == self.served + 1 and fault.times:
                    fault.times -= 1
                    return fault.reply
            reply = self.answer(asked)
            self.served += reply.status < 400
            return reply


@contextmanager
def served(server: ApiServer) -> Iterator[ApiServer]:
    """Run a server until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 1 << 16
        disable_nagle_algorithm = True

        def _answer(self) -> None:
            url = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            sent = self.rfile.read(length).decode()
            kind = self.headers.get("Content-Type", "")
            body: Any = dict(parse_qsl(sent)) if "form" in kind else json.loads(sent or "null")
            asked = Asked(
                self.command, url.path, dict(parse_qsl(url.query)), body,
                {name.lower(): value for name, value in self.headers.items()}, server.base,
            )  # fmt: skip
            reply = server.reply(asked)
            told, content = "application/json", b""
            if isinstance(reply.body, bytes):
                told, content = "application/zip", reply.body
            elif isinstance(reply.body, str):
                told, content = "text/plain; charset=utf-8", reply.body.encode()
            elif reply.body is not None:
                content = json.dumps(reply.body).encode()
            self.send_response(reply.status)
            for name, value in {"Content-Type": told, **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = _answer  # noqa: N815 - named by the library
        do_POST = _answer  # noqa: N815 - as above

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            pass

    running = Quiet(("127.0.0.1", 0), Handler)
    server.base = f"http://127.0.0.1:{running.server_address[1]}"
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        running.shutdown()
        running.server_close()
        thread.join()
