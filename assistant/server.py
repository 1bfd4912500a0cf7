"""A chat model server that may misbehave: what it sends comes back regular, or as a clear fault.

`ServerModel` is LangChain's `ChatOpenAI` in everything but how it asks: it always asks for a
stream, so that a stop or a deadline takes effect between two pieces, and hands on whole messages
only, because no text may be shown before the number guard has read it.
"""

import logging
import queue
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any

import openai
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_openai import ChatOpenAI
from pydantic import ConfigDict, PrivateAttr, SecretStr

from assistant.repair import Reply, UnreadableCallError, message_of
from assistant.settings import ModelSettings
from assistant.watch import Watch
from tools.store.door import Stopped

PERSONAL = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.-]*\w"  # e-mail addresses
    r"|\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"  # UUIDs
    r"|\b\d{6,}\.\d{6,}\b|\b\d{12,}\b",  # client ids, person ids
    re.IGNORECASE,
)
log = logging.getLogger(__name__)
MASK = "[masked]"
LISTEN_SECONDS = 0.05
DONE = object()
CUT_OFF = "The model server broke off in the middle of its answer."
NO_CHAT = "What answers at the model server's address is no chat model."


class ServerFault(Exception):  # noqa: N818 - the server's, not ours
    """The server did not give a usable answer; the message is a sentence for the user."""


class CutOffError(ServerFault):
    """The stream ended before the answer did."""


class ServerModel(ChatOpenAI):
    """An OpenAI-compatible server, asked under a watch."""

    model_config = ConfigDict(arbitrary_types_allowed=True)
    _settings: ModelSettings = PrivateAttr(default_factory=ModelSettings)
    _watch: Watch = PrivateAttr(default_factory=lambda: Watch(0))
    _refused: set[str] = PrivateAttr(default_factory=set)
    """Options that this server does not take; learnt from its refusals."""

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,  # noqa: ANN401 - LangChain's signature
    ) -> ChatResult:
        del run_manager
        payload = self._get_request_payload(messages, stop=stop, **kwargs)
        payload["messages"] = [_masked(message) for message in payload["messages"]]
        known = [tool["function"]["name"] for tool in payload.get("tools", ())]
        reply = self._asked(payload, known)
        try:
            message = message_of(reply, known)
        except UnreadableCallError as fault:
            raise ServerFault(
                "The model asked for an analysis in a form that cannot be read."
            ) from fault
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _stream(self, *args: Any, **kwargs: Any) -> Iterator[ChatGenerationChunk]:  # noqa: ANN401
        message = self._generate(*args, **kwargs).generations[0].message
        yield ChatGenerationChunk(message=AIMessageChunk(**message.model_dump(exclude={"type"})))

    def _asked(self, payload: dict[str, Any], known: list[str]) -> Reply:
        """Ask, and ask again where that may help: a busy server, a lost line, a refused option."""
        for attempt in range(self._settings.retries + 3):
            told = {key: value for key, value in payload.items() if key not in self._refused}
            try:
                return self._once({**told, "stream": "stream" not in self._refused}, known)
            except CutOffError:
                if "stream" in self._refused:
                    raise
                self._refused.add("stream")
            except openai.BadRequestError as fault:
                self._learn(fault)
            except openai.APIError as fault:
                self._pause(fault, attempt)
        raise ServerFault("The model server failed again and again.")

    def _learn(self, fault: openai.BadRequestError) -> None:
        """Note the option that a server refused, where it names one that can be left out."""
        for option in ("temperature", "stream"):
            if option in str(fault).lower() and option not in self._refused:
                self._refused.add(option)
                return
        raise ServerFault(_status_sentence(fault.status_code, self._settings.model)) from fault

    def _pause(self, fault: openai.APIError, attempt: int) -> None:
        """Wait before the next try; raise where another try would not help."""
        wait = _wait_asked(fault, attempt)
        if (
            wait is None
            or attempt >= self._settings.retries
            or wait > min(self._settings.retry_wait_seconds, self._watch.left())
        ):
            raise ServerFault(self._sentence(fault)) from fault
        self._watch.wait(wait)

    def _once(self, payload: dict[str, Any], known: list[str]) -> Reply:
        """Send one request and put its pieces together, under the watch."""
        seconds = min(self._settings.timeout_seconds, self._watch.left())
        line = _Line(self.root_client.with_options(timeout=max(seconds, 0.001)), payload)
        reply = Reply()
        listening = Watch(seconds)
        try:
            for told in line.pieces(listening, self._watch):
                choice = _choice(told)
                reply.add(choice.get("delta") or choice.get("message") or {}, known)
                reply.finish_reason = choice.get("finish_reason") or reply.finish_reason
        except TimeoutError as fault:
            raise ServerFault(
                f"The model server did not answer within {seconds:.3g} seconds."
            ) from fault
        if reply.finish_reason == "length":
            raise ServerFault("The model's answer was cut short by the server's length limit.")
        if reply.finish_reason is None:
            raise CutOffError(CUT_OFF)
        return reply

    def _sentence(self, fault: openai.APIError) -> str:
        """Say what went wrong with the server, for the user."""
        place = self._settings.base_url or "OpenAI"
        if isinstance(fault, openai.APITimeoutError):
            return "The model server did not answer in time."
        if isinstance(fault, openai.APIStatusError):
            return _status_sentence(fault.status_code, self._settings.model)
        if isinstance(fault, openai.APIConnectionError):
            if "Connect" not in type(fault.__cause__).__name__:
                return CUT_OFF
            return f"The model server at {place} could not be reached."
        return "The model server reported a fault while it answered."


def server_model(settings: ModelSettings, watch: Watch) -> ServerModel:
    """Return the chat model for a configured server."""
    model = ServerModel(
        model=settings.model,
        base_url=settings.base_url,
        api_key=SecretStr(settings.api_key or "none"),
        temperature=settings.temperature,
        timeout=settings.timeout_seconds,
        max_retries=0,
        use_responses_api=False,
        stream_usage=False,
    )
    model._settings, model._watch = settings, watch
    return model


class _Line:
    """One request, read in a thread of its own, so that a silent server holds nobody up."""

    def __init__(self, client: openai.OpenAI, payload: Mapping[str, Any]) -> None:
        self._client = client
        self._payload = payload
        self._told: queue.SimpleQueue[object] = queue.SimpleQueue()
        self._hung_up = threading.Event()

    def pieces(self, listening: Watch, question: Watch) -> Iterator[Mapping[str, Any]]:
        """Yield what the server sends, as plain data.

        Raises:
            TimeoutError: The time for this call or this question is over.
            Stopped: The user stopped the question.
            openai.APIError, ServerFault: The server's own faults.
        """
        threading.Thread(target=self._listen, name="model-server", daemon=True).start()
        try:
            while (told := self._next(listening, question)) is not DONE:
                if isinstance(told, Exception):
                    raise told
                yield told  # type: ignore[misc]
        finally:
            told = None  # a fault would hold this frame, and this frame the fault
            self._hung_up.set()

    def _next(self, listening: Watch, question: Watch) -> object:
        while True:
            if question.stopped:
                raise Stopped
            try:
                return self._told.get(timeout=LISTEN_SECONDS)
            except queue.Empty:
                if not listening.left() or not question.left():
                    raise TimeoutError from None

    def _listen(self) -> None:
        try:
            self._read()
        except (openai.APIError, ServerFault) as fault:
            self._told.put(fault)
        except Exception as fault:
            log.warning("the line to the model server broke", exc_info=fault)
            self._told.put(CutOffError(CUT_OFF))

    def _read(self) -> None:
        told = self._client.chat.completions.create(**self._payload)
        if not self._payload["stream"]:
            self._told.put(_plain(told))
            self._told.put(DONE)
            return
        with closing(told) as stream:
            for chunk in stream:
                if self._hung_up.is_set():
                    return
                self._told.put(_plain(chunk))
        self._told.put(DONE)


def _plain(told: object) -> Mapping[str, Any]:
    """Return a response as plain data, whatever the types of its parts."""
    if isinstance(told, openai.BaseModel):
        return told.model_dump(warnings=False)
    raise ServerFault(NO_CHAT)


def _choice(told: Mapping[str, Any]) -> Mapping[str, Any]:
    if told.get("error"):
        raise ServerFault("The model server reported a fault while it answered.")
    choices = told.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else {}
    return first if isinstance(first, Mapping) else {}


def _wait_asked(fault: openai.APIError, attempt: int) -> float | None:
    """Return how long to wait before another try, in seconds; None where none would help."""
    if isinstance(fault, openai.APIStatusError):
        if fault.status_code not in {408, 409, 429} and fault.status_code < 500:
            return None
        told = fault.response.headers.get("retry-after", "")
        if re.fullmatch(r"\d+(?:\.\d+)?", told.strip()):
            return float(told)
    elif isinstance(fault, openai.APITimeoutError) or not isinstance(
        fault, openai.APIConnectionError
    ):
        return None
    return float(0.25 * 2**attempt)


def _status_sentence(status: int, model: str) -> str:
    known = {
        401: "The model server refused the key.",
        403: "The model server refused the key.",
        404: f"The model server does not know the model '{model}', or its address is wrong.",
        429: "The model server is too busy or the quota is used up (429).",
    }
    if status in known:
        return known[status]
    if status >= 500:
        return f"The model server reported a fault of its own ({status})."
    return f"The model server refused the request ({status})."


def _masked(message: Mapping[str, Any]) -> dict[str, Any]:
    """Return a message without e-mail addresses and identifiers, wherever they stand in it."""

    def mask(value: object) -> Any:  # noqa: ANN401 - any JSON value
        if isinstance(value, str):
            return PERSONAL.sub(MASK, value)
        if isinstance(value, Mapping):
            return {
                key: item if key in {"id", "tool_call_id"} else mask(item)
                for key, item in value.items()
            }
        return [mask(item) for item in value] if isinstance(value, list) else value

    return {key: mask(value) if key != "tool_call_id" else value for key, value in message.items()}
