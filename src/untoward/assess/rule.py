"""What a rule is.

One rule stands in one file under `assess/rules/<group>/`, named after its code. The file's docstring is the
rule's manual page and has the headings of `HEADINGS`, in that order; its cases stand in
`tests/cases/<CODE>.yaml`. A code is never reused.

A rule sees only `Facts`. It answers with a `Conclusion`, with None when it does not apply, or with
CANNOT_TELL when a fact it needs is not known. Which facts were used and which were missing is recorded by
`Facts` as the rule asks; a rule never lists them itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from untoward.model.finding import Disposition

if TYPE_CHECKING:
    from untoward.assess.facts import Facts

HEADINGS = ("Question", "Facts used", "Logic", "Levels", "Evidence", "Limits", "Example")

CANNOT_TELL: Literal["cannot tell"] = "cannot tell"
"""A rule's answer when a fact it needs is not known."""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What a rule concludes: how urgent, in one plain sentence, by which published threshold."""

    disposition: Disposition
    statement: str
    threshold: str


Answered = Conclusion | Literal["cannot tell"] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule:

    its code and name, the most urgent level it can give, the evidence it rests on, and its function.
    For clinicians alone: `alternatives` are other things that look like this, and `treatment` are records of
    what published guidance does about it, doses among them; they are cited facts and never an instruction.
    """

    code: str
    name: str
    most_urgent: Disposition
    evidence: tuple[str, ...]
    evaluate: Callable[[Facts], Answered]
    alternatives: tuple[str, ...] = ()
    treatment: tuple[str, ...] = ()
    manual: str = ""
    group: str = ""

    def loudness(self, disposition: Disposition) -> int:
        """0 when the rule speaks at its most urgent, more the further below.

        Of two rules that give the same disposition the one that cannot say anything more urgent is the more
        specific, and stands first.
        """
        return disposition.rank - self.most_urgent.rank
