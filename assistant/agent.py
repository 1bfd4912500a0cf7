"""The agent: a chat model with the catalogue as its tools, supervised.

The supervisor stands around every call of the model. It counts the calls, hands the question to
the built-in analyst when the server fails, and lets no text pass whose numbers no analysis gave:
one round of repair, then the templates' own words.
"""

import logging
from collections.abc import Callable, Sequence
from typing import Any

from langchain.agents import create_agent
from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage
from langgraph.graph.state import CompiledStateGraph

from assistant.answer import GuardReport
from assistant.built_in import built_in, told
from assistant.guard import check
from assistant.known import names_with_digits
from assistant.plan import CallPlan
from assistant.server import ServerFault, ServerModel
from assistant.toolbox import Turn, tools

log = logging.getLogger(__name__)
Graph = CompiledStateGraph[Any, Any, Any, Any]
Request = ModelRequest[Any]
Response = ModelResponse[Any]
QUESTIONS_KEPT = 6
"""Earlier questions, with their answers, that a model is sent."""
CORRECTION = (
    "These numbers of your answer are in no result: {numbers}. Write the answer again, with "
    "numbers from the results' facts and tables only, as they are shown there. Do not compute "
    "new ones. If a number is missing, call an analysis, or leave it out."
)
INVENTED = "The model's wording stated numbers that no analysis gave."


class Supervisor(AgentMiddleware[Any, Any, Any]):
    """Stands around the model's calls for one question."""

    def __init__(self, turn: Turn) -> None:
        """Supervise one question."""
        super().__init__()
        self._turn = turn
        self._analyst = built_in(turn)

    def wrap_model_call(self, request: Request, handler: Callable[[Request], Response]) -> Response:
        """Ask the model; where its server fails, the built-in analyst."""
        turn = self._turn
        turn.watch.check()
        if turn.by_server:
            try:
                return self._asked(request, handler)
            except ServerFault as fault:
                self._take_over(str(fault))
        response = handler(request.override(model=self._analyst))
        return response if _calls(response) else self._own_words(response)

    def _take_over(self, fault: str) -> None:
        """Go on without the server; what its model ran counts only where the plan runs nothing."""
        self._turn.by_server = False
        self._turn.fault = fault
        if isinstance(self._turn.plan, CallPlan):
            self._turn.ran.clear()

    def _asked(self, request: Request, handler: Callable[[Request], Response]) -> Response:
        turn = self._turn
        turn.model_calls += 1
        if turn.model_calls > turn.settings.model_calls:
            raise ServerFault("The model kept asking for analyses and gave no answer.")
        if not turn.watch.left():
            raise ServerFault("The model server took too long.")
        sent = request.override(messages=sendable(request.messages))
        response = handler(sent)
        return response if _calls(response) else self._checked(sent, handler, response)

    def _checked(
        self, sent: Request, handler: Callable[[Request], Response], response: Response
    ) -> Response:
        """Let a model's text pass, have it repaired once, or replace it."""
        turn = self._turn
        text = _text(response)
        if not text:
            raise ServerFault("The model gave an empty answer.")
        found = check(text, turn.known())
        if not found.unmatched:
            return self._passed(response, found.numbers)
        if turn.repaired is None:
            turn.repaired = found.unmatched
            correction = HumanMessage(CORRECTION.format(numbers=", ".join(found.unmatched)))
            again = handler(
                sent.override(messages=[*sent.messages, AIMessage(content=text), correction])
            )
            return again if _calls(again) else self._checked(sent, handler, again)
        unmatched = tuple(dict.fromkeys((*turn.repaired, *found.unmatched)))
        turn.guard = GuardReport("replaced", found.numbers, unmatched)
        if not turn.ran:
            raise ServerFault(INVENTED)
        turn.fault = INVENTED
        return _saying(response, told(turn.ran))

    def _passed(self, response: Response, numbers: int) -> Response:
        turn = self._turn
        unfounded = not turn.ran and not turn.past and isinstance(turn.plan, CallPlan)
        if unfounded and not _text(response).rstrip().endswith("?"):
            raise ServerFault("The model answered without looking at the data.")
        if turn.repaired is not None:
            turn.guard = GuardReport("repaired", numbers, turn.repaired)
        else:
            turn.guard = GuardReport("passed" if numbers else "nothing to check", numbers)
        return response

    def _own_words(self, response: Response) -> Response:
        """Pass the templates' words, but for a sentence that says what no fact holds."""
        turn = self._turn
        if not turn.ran:
            return response
        known = turn.known()
        known.names.update(names_with_digits(ran.exhibit for ran in turn.ran))
        found = check(_text(response), known)
        rejected = turn.guard.unmatched if turn.guard else ()
        if found.unmatched:
            log.error("a narration says what no fact holds: %s", found.unmatched)
            turn.guard = GuardReport("replaced", found.numbers, (*rejected, *found.unmatched))
            return _saying(response, told(turn.ran, lambda text: not check(text, known).unmatched))
        if not rejected:
            turn.guard = GuardReport(
                "passed" if found.numbers else "nothing to check", found.numbers
            )
        return response


def agent(turn: Turn, server: ServerModel | None, *, system_prompt: str) -> Graph:
    """Return the agent for one question.

    Args:
        turn: The question.
        server: The model server; None: the built-in analyst.
        system_prompt: What a model is told about the product and the data.
    """
    model: BaseChatModel = server or built_in(turn)
    return create_agent(
        model,
        tools(turn),
        system_prompt=system_prompt,
        middleware=[Supervisor(turn)],
    )


def sendable(messages: Sequence[AnyMessage]) -> list[AnyMessage]:
    """Return what a model is sent of a conversation.

    The question under way in full; of the last ones before it, the questions and what was
    answered. What a crash left half done is left out.
    """
    starts = [place for place, message in enumerate(messages) if isinstance(message, HumanMessage)]
    if not starts:
        return list(messages)
    earlier = [
        message
        for message in messages[(starts[-QUESTIONS_KEPT - 1 :])[0] : starts[-1]]
        if isinstance(message, HumanMessage)
        or (isinstance(message, AIMessage) and not message.tool_calls and message.text)
    ]
    return [*earlier, *messages[starts[-1] :]]


def _calls(response: Response) -> bool:
    return bool(getattr(response.result[-1], "tool_calls", None))


def _text(response: Response) -> str:
    return str(response.result[-1].text).strip()


def _saying(response: Response, text: str) -> Response:
    return ModelResponse(result=[AIMessage(content=text, id=response.result[-1].id)])
