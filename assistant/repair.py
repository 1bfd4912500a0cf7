"""What a model server sends, made regular: tool calls in any of the forms that servers use.

Read here, and nowhere else: names repeated in each streamed piece, calls without an id, arguments
as an object, names with a prefix, calls written as text. Only what is unambiguous is repaired: a
call that was cut short might have meant a filter more.
"""

import ast
import json
import re
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from langchain_core.messages import AIMessage, ToolCall

THINKING = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
WRITTEN_CALL = re.compile(
    r"<\|?/?tool_calls?\|?>|\[TOOL_CALLS\]|<function[=\s]|<\|python_tag\|>", re.IGNORECASE
)
FUNCTION_TAG = re.compile(r"<function=([\w.-]+)>(.*?)</function>", re.DOTALL | re.IGNORECASE)
FENCE = re.compile(r"```(?:json|tool_code|tool_call)?\s*\n?(.*?)```", re.DOTALL)
NAME_KEYS = ("name", "tool", "tool_name", "function")
ARGUMENT_KEYS = ("arguments", "parameters", "args", "input", "tool_input")


class UnreadableCallError(Exception):
    """The model asked for a tool in a form that cannot be read without guessing."""


@dataclass
class Piece:
    """One tool call as it comes in, whole or in pieces."""

    name: str = ""
    arguments: str | dict[str, Any] = ""
    call_id: str = ""
    index: int | None = None

    def add(self, name: str, arguments: object, known: Collection[str]) -> None:
        """Take in one more piece of the call."""
        if name and name != self.name and self.name not in known:
            self.name += name
        if isinstance(arguments, dict):
            held = self.arguments if isinstance(self.arguments, dict) else {}
            self.arguments = {**held, **arguments}
        elif isinstance(arguments, str) and isinstance(self.arguments, str):
            self.arguments += arguments

    def is_whole(self) -> bool:
        """Whether the arguments are complete already."""
        if isinstance(self.arguments, dict):
            return True
        try:
            return isinstance(json.loads(self.arguments), dict)
        except ValueError:
            return False


@dataclass
class Reply:
    """One answer of a server, put together from its pieces."""

    content: str = ""
    calls: list[Piece] = field(default_factory=list)
    finish_reason: str | None = None

    def add(self, told: Mapping[str, Any], known: Collection[str]) -> None:
        """Take in a message, or one streamed piece of it."""
        self.content += _text(told.get("content"))
        for call in told.get("tool_calls") or ():
            function = call.get("function") or {}
            piece = self._piece(call.get("index"), call.get("id") or "")
            piece.add(function.get("name") or "", function.get("arguments"), known)

    def _piece(self, index: int | None, call_id: str) -> Piece:
        """Return the call that a piece belongs to; a new one where it begins one.

        Some servers give every call the same index, some none; a whole call is never added to.
        """
        same = [piece for piece in self.calls if piece.index == index]
        last = same[-1] if same else None
        differs = last is not None and call_id and last.call_id and call_id != last.call_id
        if last is None or (last.is_whole() and (differs or index is None)):
            last = Piece(call_id=call_id, index=index)
            self.calls.append(last)
        last.call_id = last.call_id or call_id
        return last


def message_of(reply: Reply, known: Collection[str]) -> AIMessage:
    """Return a reply as a regular message: calls with name, arguments and an id of their own.

    Args:
        reply: What the server sent.
        known: The names of the tools that it was offered.

    Raises:
        UnreadableCallError: It holds a call that cannot be read.
    """
    content = THINKING.sub("", reply.content).strip()
    calls = [_call(piece.name, piece.arguments, piece.call_id, known) for piece in reply.calls]
    if not calls:
        calls = _written(content, known)
        content = "" if calls else content
    return AIMessage(content=content, tool_calls=_distinct(calls))


def _call(name: str, arguments: object, call_id: str, known: Collection[str]) -> ToolCall:
    return ToolCall(
        name=_name(name, known),
        args=_arguments(arguments),
        id=call_id or f"call_{uuid.uuid4().hex[:16]}",
        type="tool_call",
    )


def _distinct(calls: Sequence[ToolCall]) -> list[ToolCall]:
    """Give calls that share an id ids of their own."""
    seen: set[str | None] = set()
    told = []
    for call in calls:
        call_id = call["id"] if call["id"] not in seen else f"call_{uuid.uuid4().hex[:16]}"
        seen.add(call_id)
        told.append({**call, "id": call_id})
    return told  # type: ignore[return-value]


def _name(name: str, known: Collection[str]) -> str:
    """Return the tool meant: `functions.funnel`, `Funnel` and `funnelfunnel` are all funnel."""
    plain = name.strip().rsplit(".", 1)[-1].strip().lower().replace("-", "_").replace(" ", "_")
    for tool in known:
        if plain == tool or (plain and plain.replace(tool, "") == ""):
            return tool
    return name.strip() or "(no name)"


def _arguments(told: object) -> dict[str, Any]:
    if isinstance(told, dict):
        return told
    text = str(told or "").strip()
    fenced = FENCE.fullmatch(text)
    text = fenced[1].strip() if fenced else text
    if text in {"", "null", "None"}:
        return {}
    for read in (json.loads, ast.literal_eval, _without_trailing_commas):
        try:
            value = read(text)
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            continue
        if isinstance(value, str) and value != text:
            return _arguments(value)
        if isinstance(value, dict):
            return {str(key): item for key, item in value.items()}
    raise UnreadableCallError(f"arguments: not JSON: {text[:200]}")


def _without_trailing_commas(text: str) -> object:
    return json.loads(re.sub(r",\s*([}\]])", r"\1", text))


def _written(content: str, known: Collection[str]) -> list[ToolCall]:
    """Return the tool calls that stand in the text itself."""
    marked = bool(WRITTEN_CALL.search(content))
    calls = [
        _call(match[1], match[2], "", known)
        for match in FUNCTION_TAG.finditer(content)
        if _name(match[1], known) in known
    ]
    if not calls:
        for told in _objects(content):
            calls += _read_object(told, known)
    if marked and not calls:
        raise UnreadableCallError(f"a call written as text: {content[:200]}")
    return calls


def _objects(content: str) -> list[Any]:
    """Return every JSON object or array that stands in a text."""
    decoder = json.JSONDecoder()
    found, position = [], 0
    while (match := re.compile(r"[{\[]").search(content, position)) is not None:
        try:
            value, position = decoder.raw_decode(content, match.start())
            found.append(value)
        except ValueError:
            position = match.start() + 1
    return found


def _read_object(told: object, known: Collection[str]) -> list[ToolCall]:
    if isinstance(told, list):
        return [call for item in told for call in _read_object(item, known)]
    if not isinstance(told, dict):
        return []
    if isinstance(told.get("function"), dict):
        return _read_object(told["function"], known)
    if isinstance(told.get("tool_calls"), list):
        return _read_object(told["tool_calls"], known)
    name = next((told[key] for key in NAME_KEYS if isinstance(told.get(key), str)), "")
    if _name(name, known) not in known:
        return []
    arguments = next((told[key] for key in ARGUMENT_KEYS if key in told), None)
    return [_call(name, arguments, str(told.get("id") or ""), known)]


def _text(content: object) -> str:
    """Return a content's text, whether it is a string or a list of parts."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "".join(_text(part) for part in content)
    if isinstance(content, Mapping):
        return str(content.get("text") or "")
    return ""
