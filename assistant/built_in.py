"""The built-in analyst: a chat model without a server, that plans by rule and says what is known."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, ToolMessage
from langchain_core.messages import ToolCall as Call
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable

from assistant.plan import AskBack, CallPlan, Decline, Plan, SetJourney, Talk
from assistant.toolbox import Ran, Turn, shown_fact
from tools.exhibit import Exhibit

CALL_PREFIX = "built_in_"
FACTS_LISTED = 5
SEVERAL = 3


class BuiltInAnalyst(BaseChatModel):
    """LangChain's face of the built-in analyst.

    It calls the analysis that the question plans to, and says the result in the template's words.
    """

    plan: Callable[[], Plan]
    """How the question reads."""
    say: Callable[[], str]
    """What the results come to, once they are there."""

    @property
    def _llm_type(self) -> str:
        return "desirepath-built-in"

    def bind_tools(
        self,
        tools: Sequence[Any],
        **kwargs: Any,  # noqa: ANN401 - LangChain's signature
    ) -> Runnable[Any, AIMessage]:
        """Take no notice of the tools: the plan names one of the catalogue."""
        del tools, kwargs
        return self

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,  # noqa: ANN401 - LangChain's signature
    ) -> ChatResult:
        del stop, run_manager, kwargs
        return ChatResult(generations=[ChatGeneration(message=self._message(messages))])

    def _message(self, messages: Sequence[BaseMessage]) -> AIMessage:
        last = messages[-1]
        if isinstance(last, ToolMessage) and last.tool_call_id.startswith(CALL_PREFIX):
            return AIMessage(content=self.say())
        plan = self.plan()
        if isinstance(plan, CallPlan):
            call_id = CALL_PREFIX + uuid.uuid4().hex[:16]
            call = Call(name=plan.tool, args=dict(plan.arguments), id=call_id, type="tool_call")
            return AIMessage(content="", tool_calls=[call])
        return AIMessage(content=words_of(plan) or self.say())


def built_in(turn: Turn) -> BuiltInAnalyst:
    """Return the built-in analyst for one question.

    Where it would ask back or decline, but a model's analyses have run, it says those.
    """

    def plan() -> Plan:
        if isinstance(turn.plan, CallPlan) or not turn.ran:
            return turn.plan
        return Talk("")

    return BuiltInAnalyst(plan=plan, say=lambda: turn.error or told(turn.ran))


def words_of(plan: Plan) -> str:
    """Return what a plan says by itself, without an analysis."""
    if isinstance(plan, AskBack | Decline | Talk):
        return plan.text
    if isinstance(plan, SetJourney):
        return "This would change how journeys are counted."
    return ""


def told(ran: Sequence[Ran], may_say: Callable[[str], bool] = bool) -> str:
    """Say several results in the templates' words, the first one in full.

    Args:
        ran: The analyses.
        may_say: Which sentences may be said; all that are not empty, unless told.
    """
    distinct = list({_key(one): one for one in ran}.values())
    if not distinct:
        return "There is no result to tell."
    first, *more = distinct
    if not may_say(first.narration.answer):
        return facts_told([one.exhibit for one in distinct])
    whole = replace(
        first.narration,
        support=tuple(filter(may_say, first.narration.support)),
        caveats=tuple(filter(may_say, first.narration.caveats)),
    )
    further = [one.narration.answer for one in more[: SEVERAL - 1]]
    return "\n\n".join([whole.text(), *filter(may_say, further)])


def facts_told(exhibits: Sequence[Exhibit]) -> str:
    """List the first facts of the results, plainly: the words that cannot be wrong."""
    lines = [
        f"- {fact.label}: {shown_fact(fact)}"
        for shown in exhibits
        for fact in shown.facts[:FACTS_LISTED]
        if fact.value is not None
    ]
    return "\n".join(["Here is what was counted:", "", *lines])


def _key(ran: Ran) -> str:
    return f"{ran.call.tool} {sorted((k, str(v)) for k, v in ran.call.arguments.items())}"
