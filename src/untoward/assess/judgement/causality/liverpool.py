"""The Liverpool causality tool (Gallagher 2011): a flow chart of ten questions.

It suits injections better than a point score, because a medicine that is given once counts as "not assessable"
at the question about stopping, and goes on. A disease that nobody excluded is the tool's own "high or unsure".
At the later questions the tool asks for what is known; what is not known is not counted, and the categories it
could still make are shown as `low` and `high`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from untoward.assess.judgement.causality.answers import (
    MECHANISM,
    after_injection,
    rechallenge,
    reported_before,
    stated,
)
from untoward.assess.judgement.view import View
from untoward.model.answer import Answer
from untoward.model.judgement import Liverpool

RECORD = "liverpool-causality"
Asking = Callable[[str, Answer], bool]
ORDER = ("unlikely", "possible", "probable", "definite")


@dataclass(frozen=True, slots=True, kw_only=True)
class Replies:
    """Answers to the questions of the tool. `improved` UNKNOWN means not assessable, as after a single dose."""

    suspected: bool = True
    after: Answer = Answer.UNKNOWN
    made_worse: Answer = Answer.UNKNOWN
    improved: Answer = Answer.UNKNOWN
    disability: Answer = Answer.UNKNOWN
    disease: Answer = Answer.UNKNOWN
    mechanism: Answer = Answer.UNKNOWN
    rechallenge: Answer = Answer.UNKNOWN
    same_before: Answer = Answer.UNKNOWN
    reported: Answer = Answer.UNKNOWN


DECIDES = ("after", "made_worse")
"""Questions without which the tool cannot go on."""

COUNTS_WHEN_KNOWN = ("disability", "disease", "mechanism", "rechallenge", "same_before", "reported")


def liverpool(view: View, term: str | None) -> Liverpool:
    """The Liverpool category of a case for one reaction, with its path."""
    return liverpool_of(replies(view, term))


def replies(view: View, term: str | None) -> Replies:
    """What a case answers to the tool."""
    sign = None if term is None else view.signs.get(term)
    return Replies(
        suspected=term is not None,
        after=after_injection(view, term).answer,
        made_worse=Answer.UNKNOWN if sign is None else sign.truth("worse"),
        improved=stated(view, "improved-after-stopping").answer,
        disability=stated(view, "disability").answer,
        disease=stated(view, "other-cause-likely").answer,
        mechanism=stated(view, *MECHANISM).answer,
        rechallenge=rechallenge(view).answer,
        same_before=stated(view, "previous-reaction-to-same").answer,
        reported=reported_before(view, term)[0].answer,
    )


@lru_cache(maxsize=4096)
def liverpool_of(given: Replies) -> Liverpool:
    """The category of these answers, its path, and what unknown answers leave open."""
    category, path = _walk(given)
    reachable = {found for case in _completions(given) if (found := _walk(case)[0]) is not None}
    return Liverpool(
        category=category,
        low=min(reachable, key=ORDER.index),
        high=max(reachable, key=ORDER.index),
        path=path,
    )


def _completions(given: Replies) -> Iterator[Replies]:
    """The answers with every unknown one as yes or as no: all the worst, all the best, and each way to begin."""
    unknown = [name for name in (*DECIDES, *COUNTS_WHEN_KNOWN) if getattr(given, name) is Answer.UNKNOWN]
    begins = [Answer.YES, Answer.NO] if set(unknown) & set(DECIDES) else [Answer.YES]
    for begin in begins:
        for found in (Answer.YES, Answer.NO):
            filled: dict[str, Any] = {
                name: begin if name in DECIDES else _turned(name, found) for name in unknown
            }
            yield replace(given, **filled)


def _turned(name: str, found: Answer) -> Answer:
    """A disease speaks against the injection; every other answer of this kind speaks for it."""
    if name == "disease":
        return Answer.NO if found is Answer.YES else Answer.YES
    return found


def _walk(given: Replies) -> tuple[str | None, tuple[str, ...]]:
    path: list[str] = []

    def ask(text: str, answer: Answer) -> bool:
        path.append(f"{text}: {answer.value}")
        return answer is Answer.YES

    if not ask("1 suspected", Answer.of(given.suspected)):
        return "unlikely", tuple(path)
    if not ask("2 after the injection", given.after):
        if given.after is Answer.UNKNOWN:
            return None, tuple(path)
        if not ask("3 something that was there got worse", given.made_worse):
            return (None if given.made_worse is Answer.UNKNOWN else "unlikely"), tuple(path)
    if given.improved is Answer.NO:
        ask("4 better after stopping", given.improved)
        if not ask("5 lasting disability", given.disability):
            return "possible", tuple(path)
    else:
        path.append(
            "4 better after stopping: " + ("yes" if given.improved is Answer.YES else "not assessable")
        )
    return _after_six(given, path, ask), tuple(path)


def _after_six(given: Replies, path: list[str], ask: Asking) -> str:
    if given.disease is Answer.NO:
        path.append("6 probability of a disease: low")
        if ask("8 came back when given again", given.rechallenge):
            return "definite"
    else:
        path.append("6 probability of a disease: high or unsure")
        if not ask("7 mechanism shown", given.mechanism):
            return "possible"
    if ask("9 the same before in this person", given.same_before):
        return "definite"
    return "probable" if ask("10 reported before", given.reported) else "possible"
