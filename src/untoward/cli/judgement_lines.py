"""Grades, seriousness, likely causes and courses of an assessment as short labelled lines; nothing for what is not held."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from untoward.report.words import compound_label, question_words

Document = Mapping[str, Any]
Row = tuple[str, str]

SCALE_NAMES = {"fda_2007": "FDA 2007", "daids_2_1": "DAIDS 2.1", "ctcae": "CTCAE 5", "ctcae_v6": "CTCAE 6"}
STATE_WORDS = {"within": "within its course", "late": "late", "beyond": "beyond any published"}
MOST_NAMED = 4


def judgement_rows(item: Document) -> list[Row]:
    """One or more lines per part of the document that says something."""
    parts = (
        _conflicts,
        _grades,
        _definitions,
        _scores,
        _serious,
        _causality,
        _attribution,
        _courses,
        _completeness,
    )
    return [row for part in parts for row in part(item)]


def _conflicts(item: Document) -> Iterator[Row]:
    for place, conflict in enumerate(item.get("conflicts") or ()):
        yield ("disagree" if place == 0 else ""), conflict


def _grades(item: Document) -> Iterator[Row]:
    by_term: dict[str, list[Document]] = {}
    for grade in item.get("grade_details") or ():
        by_term.setdefault(grade["term"], []).append(grade)
    yield from _listed("grades", [f"{term}: {_by_scale(grades)}" for term, grades in by_term.items()])


def _by_scale(grades: list[Document]) -> str:
    """Each scale with its grade; the scale's own name of the line where a scale has several for one reaction."""
    lines = Counter(grade["scale"] for grade in grades)
    return ", ".join(
        f"{SCALE_NAMES.get(grade['scale'], grade['scale'])} {_grade(grade)}"
        + (f" ({grade['item']})" if lines[grade["scale"]] > 1 else "")
        for grade in grades
    )


def _grade(grade: Document) -> str:
    if grade["grade"] is not None:
        return str(grade["grade"])
    return _range(grade["min"], grade["max"])


def _range(low: object, high: object) -> str:
    return str(low) if low == high else f"{low} to {high}"


def _definitions(item: Document) -> Iterator[Row]:
    met = [d for d in item.get("case_definitions") or () if d["level"] not in ("not a case", "cannot tell")]
    yield from _listed("meets", [f"{d['definition']}: level {d['level']}" for d in met])


def _scores(item: Document) -> Iterator[Row]:
    cut_off = {True: ", cut-off reached", False: "", None: ", cut-off open"}
    scores = [
        f"{score['name']} {_range(score['min'], score['max'])}{cut_off[score['positive']]}"
        for score in item.get("scores") or ()
    ]
    if scores:
        yield "scores", "; ".join(scores)


def _serious(item: Document) -> Iterator[Row]:
    serious = item.get("serious") or {}
    value, criteria = serious.get("value"), list(serious.get("criteria") or ())
    if value is True:
        yield "serious", "yes" + (f": {'; '.join(criteria)}" if criteria else "")
    elif value is False:
        yield "serious", "no: every criterion was denied"
    elif serious.get("missing"):
        yield "serious", f"not known; ask about {_some(serious['missing'])}"
    if serious.get("needs_judgement"):
        yield "", f"to be judged: {'; '.join(serious['needs_judgement'])}"


def _causality(item: Document) -> Iterator[Row]:
    causality = item.get("causality")
    if not causality:
        return
    said = []
    if causality.get("who_umc"):
        reason = causality.get("who_umc_reason")
        said.append(f"WHO-UMC {causality['who_umc']}" + (f" ({reason})" if reason else ""))
    if naranjo := causality.get("naranjo"):
        said.append(f"Naranjo {naranjo['score']} (could be {_range(naranjo['min'], naranjo['max'])})")
    if (liverpool := causality.get("liverpool")) and liverpool.get("category"):
        said.append(f"Liverpool {liverpool['category']}")
    said += [
        f"DIPS {' with '.join(pair['pair'])} {_range(pair['min'], pair['max'])}"
        for pair in causality.get("dips") or ()
    ]
    if said:
        about = f"{causality['term']}: " if causality.get("term") else ""
        yield "cause", about + "; ".join(said)


def _attribution(item: Document) -> Iterator[Row]:
    shares = [_share(share) for share in item.get("attribution") or ()]
    if shares:
        yield "due to", "; ".join(shares[:MOST_NAMED]) + _more(len(shares) - MOST_NAMED)


def _share(share: Document) -> str:
    low, high = share.get("min"), share.get("max")
    span = "" if low is None or high is None or low == high else f" ({low:.0%} to {high:.0%})"
    return f"{compound_label(share['compound'])} {share['weight']:.0%}{span}"


def _courses(item: Document) -> Iterator[Row]:
    lines = [
        _standing(standing)
        for standing in item.get("course") or ()
        if standing["state"] in STATE_WORDS and standing["band_days"]
    ]
    if lines:
        yield from _listed("course", lines[:MOST_NAMED])
        if len(lines) > MOST_NAMED:
            yield "", f"and {len(lines) - MOST_NAMED} more"
    elif item.get("course"):
        yield "course", "nothing published to compare with"


def _standing(standing: Document) -> str:
    _early, half, late = standing["band_days"]
    people = f"; {standing['people']} people" if standing.get("people") else ""
    where = f"{standing['term']} after {compound_label(standing['compound'])}"
    return f"{where}: {STATE_WORDS[standing['state']]} (half over by day {half:.0f}, 95 % by day {late:.0f}{people})"


def _completeness(item: Document) -> Iterator[Row]:
    if completeness := item.get("completeness"):
        lacking = [question_words(penalty["dimension"]) for penalty in completeness["penalties"]]
        rest = f"; lacks {_some(lacking)}" if lacking else ""
        yield "report", f"completeness {completeness['score']:.2f} of 1{rest}"


def _listed(label: str, lines: Iterable[str]) -> Iterator[Row]:
    for place, line in enumerate(lines):
        yield (label if place == 0 else ""), line


def _some(names: Iterable[str]) -> str:
    found = list(names)
    return ", ".join(found[:MOST_NAMED]) + _more(len(found) - MOST_NAMED)


def _more(number: int) -> str:
    return f", and {number} more" if number > 0 else ""
