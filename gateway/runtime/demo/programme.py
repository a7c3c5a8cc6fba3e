"""The steps of the demo, in order.

A step that misses something says what, and the steps that need it are left out; the others go on.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from gateway.runtime.demo import second_act
from gateway.runtime.demo.evidence import MissingError
from gateway.runtime.demo.mailhost import MailHostError
from gateway.runtime.demo.story import Story


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its short name, what is shown as its title, what it does, and the steps without which it has nothing to do."""

    name: str
    title: str
    play: Callable[[Story], None]
    needs: tuple[str, ...] = ()


STEPS = (
    Step("request", "A customer writes to support, and it is a ticket", Story.request),
    Step("answer", "The agent answers from his mail program", Story.answer, ("request",)),
    Step("reply", "The customer replies", Story.customer_replies, ("answer",)),
    Step("note", "A note for a colleague, not for the customer", Story.note, ("reply",)),
    Step("wrong command", "A command with a typing error", Story.wrong_command, ("reply",)),
    Step("question", "A question that sets the status, and its answer", Story.question, ("reply",)),
    Step("undo", "An answer is taken back", Story.undo, ("reply",)),
    Step("out of office", "The customer's mail program answers by itself", Story.absence, ("answer",)),
    Step("stranger", "A stranger puts somebody else's ticket into his subject", Story.stranger, ("request",)),
    Step("bounce", "A mail of ours comes back", Story.bounce),
    Step("twice", "The same mail arrives twice", Story.twice),
    Step("approval", "The agent asks for approval, and the customer refuses on the page", second_act.refuses, ("reply",)),
    Step("accepted", "Asked again, the customer accepts by mail", second_act.accepts, ("approval",)),
    Step("survey", "Resolved, and judged on the page; robots that follow links count for nothing", second_act.rates, ("accepted",)),
    Step("guard", "An answer to “do not reply” is not lost", second_act.answers_the_guard, ("survey",)),
    Step("page", "The page of the ticket", second_act.looks, ("guard",)),
    Step("life", "What happened to this ticket, and why?", Story.life, ("request",)),
)


@dataclass(frozen=True, slots=True)
class Result:
    """How a step went. `missing` is empty when all of it happened."""

    number: int
    name: str
    seconds: float
    missing: str = ""
    left_out: bool = False


def play(story: Story) -> list[Result]:
    """Play all steps. Raises StoppedError when whoever watches wants to stop."""
    results: list[Result] = []
    for number, step in enumerate(STEPS, start=1):
        story.show.step(number, step.title)
        start, missing = time.monotonic(), ""
        failed = {result.name for result in results if result.missing}
        without = [name for name in step.needs if name in failed]
        if without:
            missing = f"left out: it needs step “{without[0]}”"
        else:
            try:
                step.play(story)
            except (MissingError, MailHostError) as error:
                missing = str(error)
        if missing:
            story.show.missing(missing)
        results.append(Result(number, step.name, time.monotonic() - start, missing, left_out=bool(without)))
    return results
