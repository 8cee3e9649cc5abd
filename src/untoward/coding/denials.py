"""What the words of one part deny and doubt, word by word.

A denial reaches a term only over words that are listed as harmless in between. Any other word ends it, so that "not
sure if fever" and "no relief from the pain" keep the fever and the pain: a doubtful denial counts as present.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from untoward.coding.parts import Mention, Part, Reading

_ENDING = ("certain", "opinions", "sees_none", "also_deny", "denials", "doubts", "same", "steady", "touching")
"""Kinds of phrase that decide about a denial; of two as long the earlier kind goes first."""


def read_denials(reading: Reading, part: Part, degree_only: Callable[[Mention], bool]) -> None:
    """Mark the mentions of one part as denied or doubtful; `degree_only` tells a name that denies only a degree."""
    state = _State(reading, part)
    owned = {place for mention in part.mentions for place in mention.places}
    starting, ending = _by_place(part, "first"), _by_place(part, "last")
    place = part.first
    while place < part.end:
        for mention in starting.get(place, ()):
            mention.denied_at_start = state.denied
            if len(mention.places) > 1:
                state.pending_until = max(state.pending_until, mention.last)
        if place not in owned:
            place = state.over(place, owned)
            continue
        if place in ending:
            for mention in ending[place]:
                _mark(mention, state, degree_only)
            state.after_term(place + 1)
        if reading.is_small(place, "doubts"):  # a fear is a term and a doubt ("afraid it's infected")
            state.doubtful = True
        place += 1
    _deny_another_time(reading, part)


def _by_place(part: Part, which: str) -> dict[int, list[Mention]]:
    gathered: dict[int, list[Mention]] = {}
    for mention in part.mentions:
        gathered.setdefault(mention.first if which == "first" else mention.last, []).append(mention)
    return gathered


def _mark(mention: Mention, state: _State, degree_only: Callable[[Mention], bool]) -> None:
    if mention.denied:  # by a word of its own, such as "painless"
        return
    denied = state.denied or mention.denied_at_start
    mention.denied = denied is not mention.inverse
    mention.doubtful = state.doubtful or mention.felt
    mention.opinion = (state.opinion or mention.felt) and mention.denied
    if mention.denied and degree_only(mention):
        mention.denied, mention.doubtful = False, True


def _deny_another_time(reading: Reading, part: Part) -> None:
    """A denial of another time or measure is doubtful, and so counts as present."""
    if any(reading.is_small(place, "then_not_now") for place in part.others):
        for mention in part.mentions:
            if mention.denied:
                mention.denied, mention.doubtful = False, True


class _State:
    """What is denied and doubted so far in one part."""

    def __init__(self, reading: Reading, part: Part) -> None:
        self._reading = reading
        self._part = part
        self.denied = False
        self.doubtful = False
        self.opinion = False
        self._fresh = False  # no term has been denied yet by the last denial
        self.pending_until = -1  # the last word of a name that stands apart and has begun

    def over(self, place: int, owned: set[int]) -> int:
        """Go over the word or phrase here, which is no term; the place after it."""
        kinds = self._reading.small.at(place)
        end, kind = self._deciding(place, owned)
        self._part.others.extend(range(place, end))
        word = " ".join(self._reading.words[place:end])
        if kind in ("certain", "same", "steady", "touching"):
            self.denied = False
        elif kind == "opinions":
            self._deny(word)
            self.opinion = True
        elif kind in ("sees_none", "also_deny"):
            self._deny(word)
        elif kind == "denials":
            if self.denied and self._fresh and not self.opinion:
                self.denied = False  # two in a row undo each other: "not without fever"
            else:
                self._deny(word)
        elif kind == "doubts":
            self.doubtful, self.denied = True, False
        elif self.denied and ("degree_between" in kinds or "strong" in kinds):
            self.denied, self.doubtful = False, True
        elif "between" not in kinds and not self._joins_at(place) and not self._goes_on(kinds):
            self.denied = False
        return end

    def after_term(self, place: int) -> None:
        """A denial goes on over a term only when the next word joins a further one to it."""
        if place <= self.pending_until:
            return
        self._fresh = False
        if place >= self._part.end or not (place in self._reading.slashes or self._joins_at(place)):
            self.denied = False

    def _deciding(self, place: int, owned: set[int]) -> tuple[int, str]:
        """The end and the kind of the longest phrase here that decides about a denial; "" when there is none."""
        best, chosen = place + 1, ""
        for kind in _ENDING:
            end = self._free_end(place, kind, owned)
            if end is not None and (not chosen or end > best):
                best, chosen = end, kind
        return best, chosen

    def _free_end(self, place: int, kind: str, owned: set[int]) -> int | None:
        """The end of the longest phrase of a kind here that shares no word with a term."""
        for end in self._reading.small.ends_at(place, kind):
            if kind == "opinions":  # "doesn't look | look infected" share a word
                end = next((at for at in range(place, end) if at in owned), end)
            if end <= self._part.end and owned.isdisjoint(range(place, end)):
                return end
        return None

    def _deny(self, word: str) -> None:
        self.denied = self._fresh = True
        self.opinion = False
        self._part.denied_by = word

    def _goes_on(self, kinds: Mapping[str, int]) -> bool:
        """Whether a denial by opinion reaches over any everyday word ("I don't think that it's infected")."""
        return self.opinion and ("function_words" in kinds or "says_nothing" in kinds)

    def _joins_at(self, place: int) -> bool:
        if self._reading.is_small(place, "list_closers"):
            return True
        return self._part.denied_by in self._reading.and_closers and self._reading.is_small(place, "and")
