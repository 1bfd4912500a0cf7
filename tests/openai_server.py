"""A model server on loopback that speaks the OpenAI chat completions protocol, with every fault.

A test scripts its replies, one per request; the last one is repeated. Every request's body is kept.
"""

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Body = Mapping[str, Any]


@dataclass(frozen=True)
class Reply:
    """One scripted reply: a text or tool calls, and what is wrong with it."""

    text: str = ""
    calls: tuple[Mapping[str, Any], ...] = ()
    """Each with `name`, `arguments` (text or object) and perhaps `id`."""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0.0
    """Seconds of silence before the reply."""
    cut: bool = False
    """Break off in the middle."""
    pieces: int = 3
    """Streamed pieces of each text."""
    name_in_each: bool = False
    raw: str | None = None
    """This body, whatever was asked, as `text/html`."""
    refuses_stream: bool = False
    refuses_temperature: bool = False
    finish: str | None = None
    drip: float = 0.0
    """Seconds between streamed pieces."""


Script = Sequence[Reply] | Callable[[Body], Reply]


class ModelServer:
    """The running server."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.ended = threading.Event()
        self._replies = 0
        self._order = threading.Lock()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                body = json.loads(self.rfile.read(length))
                server.requests.append(body)
                server.headers.append(dict(self.headers))
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    if self.path.endswith("/embeddings"):
                        _embed(self, body["input"])
                        return
                    _answer(self, server, body, server.next_reply(body))

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def next_reply(self, body: Body) -> Reply:
        """Return the reply to a request; one that is refused for its options uses none up."""
        if callable(self.script):
            return self.script(body)
        with self._order:
            reply = self.script[min(self._replies, len(self.script) - 1)]
            refused = (reply.refuses_stream and body.get("stream")) or (
                reply.refuses_temperature and "temperature" in body
            )
            self._replies += not refused
        return reply

    def close(self) -> None:
        self.ended.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


@contextlib.contextmanager
def model_server(script: Script) -> Iterator[ModelServer]:
    server = ModelServer(script)
    try:
        yield server
    finally:
        server.close()


def _answer(handler: BaseHTTPRequestHandler, server: ModelServer, body: Body, reply: Reply) -> None:
    if reply.wait and server.ended.wait(reply.wait):
        handler.close_connection = True
        return
    streams = bool(body.get("stream"))
    if reply.raw is not None:
        _send(handler, 200, reply.raw.encode(), "text/html", {})
    elif reply.status != 200:
        error = {"error": {"message": "scripted fault", "type": "fault", "code": reply.status}}
        _send(handler, reply.status, json.dumps(error).encode(), "application/json", reply.headers)
    elif reply.refuses_stream and streams:
        _refuse(handler, "stream is not supported by this server")
    elif reply.refuses_temperature and "temperature" in body:
        _refuse(handler, "Unsupported value: 'temperature' does not support 0")
    elif streams:
        _stream(handler, server, reply)
    else:
        _whole(handler, reply)


def _embed(handler: BaseHTTPRequestHandler, texts: Sequence[str]) -> None:
    """Count the letters a, e and o: texts with the same letters are near."""
    data = [
        {
            "object": "embedding",
            "index": place,
            "embedding": [0.1 + text.lower().count(letter) for letter in "aeo"],
        }
        for place, text in enumerate(texts)
    ]
    body = json.dumps({"object": "list", "model": "scripted", "data": data}).encode()
    _send(handler, 200, body, "application/json", {})


def _refuse(handler: BaseHTTPRequestHandler, message: str) -> None:
    _send(
        handler, 400, json.dumps({"error": {"message": message}}).encode(), "application/json", {}
    )


def _send(
    handler: BaseHTTPRequestHandler,
    status: int,
    body: bytes,
    content_type: str,
    headers: Mapping[str, str],
) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", content_type)
    handler.send_header("Content-Length", str(len(body)))
    handler.send_header("Connection", "close")
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def _whole(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    message: dict[str, Any] = {"role": "assistant", "content": reply.text or None}
    if reply.calls:
        message["tool_calls"] = [_call(call, call["arguments"]) for call in reply.calls]
    finish = reply.finish or ("tool_calls" if reply.calls else "stop")
    told = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "scripted",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
    }
    body = json.dumps(told).encode()
    if not reply.cut:
        _send(handler, 200, body, "application/json", {})
        return
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body[: len(body) // 2])
    handler.close_connection = True


def _stream(handler: BaseHTTPRequestHandler, server: ModelServer, reply: Reply) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/event-stream")
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    deltas = list(_deltas(reply))
    if reply.cut:
        deltas = deltas[: max(1, len(deltas) // 2)]
    for delta in deltas:
        _event(handler, _chunk(delta, None))
        if reply.drip and server.ended.wait(reply.drip):
            break
    handler.close_connection = True
    if reply.cut:
        return
    _event(handler, _chunk({}, reply.finish or ("tool_calls" if reply.calls else "stop")))
    _event(handler, "[DONE]")
    handler.wfile.write(b"0\r\n\r\n")


def _deltas(reply: Reply) -> Iterator[dict[str, Any]]:
    yield {"role": "assistant", "content": ""}
    for piece in _pieces(reply.text, reply.pieces):
        yield {"content": piece}
    for index, call in enumerate(reply.calls):
        arguments = call["arguments"]
        parts = _pieces(arguments, reply.pieces) if isinstance(arguments, str) else [arguments]
        for number, part in enumerate(parts or [""]):
            told = _call(call, part) | {"index": index}
            if number and not reply.name_in_each:
                told = {"index": index, "function": {"arguments": part}}
            yield {"tool_calls": [told]}


def _pieces(text: str, count: int) -> list[str]:
    size = max(1, -(-len(text) // count))
    return [text[start : start + size] for start in range(0, len(text), size)]


def _call(call: Mapping[str, Any], arguments: object) -> dict[str, Any]:
    told: dict[str, Any] = {
        "type": "function",
        "function": {"name": call["name"], "arguments": arguments},
    }
    return told | {"id": call["id"]} if "id" in call else told


def _chunk(delta: Mapping[str, Any], finish: str | None) -> str:
    return json.dumps(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": "scripted",
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
        }
    )


def _event(handler: BaseHTTPRequestHandler, data: str) -> None:
    told = f"data: {data}\n\n".encode()
    handler.wfile.write(f"{len(told):x}\r\n".encode() + told + b"\r\n")
    handler.wfile.flush()


def silent_address() -> str:
    """Return an address that refuses connections."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    port = server.server_address[1]
    server.server_close()
    return f"http://127.0.0.1:{port}/v1"


def within(seconds: float, done: Callable[[], bool]) -> bool:
    """Wait until `done`, at most so long."""
    until = time.monotonic() + seconds
    while not done():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True
