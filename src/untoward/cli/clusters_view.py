"""What `untoward clusters` prints for people: words first, numbers beside, then the cases, then how it was computed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from untoward.model.clusters import Cluster, ClusterAnswer, ClusterCase, Explanation, OutcomeScanned
from untoward.report.dates import spoken
from untoward.report.numbers import count, counted, p_value, ratio, sentence_case
from untoward.watch.clusters.find import STANDS_OUT
from untoward.watch.clusters.wording import NO_PROOF, figure, place_name

MOST_LINES = 12
MOST_HYPOTHESES = 4
MOST_FACTS = 3
LEAST_SHOWN = 0.01

_INDENT = 4
_MUTED = "dim"
_READ_IT = (
    "p is the chance that shuffling the cases gives so large an excess anywhere, on any axis and in any window."
    " Expected cases know how much of each session's risk has passed."
)


def print_clusters(answer: ClusterAnswer, console: Console, rows_left_out: int = 0) -> None:
    """Readable at 80 columns; text of the data is taken literally, never as markup."""
    _top(answer, console, rows_left_out)
    for group in _groups(answer.clusters):
        _group(console, answer, group)
    _how(answer, console)


def _top(answer: ClusterAnswer, console: Console, rows_left_out: int) -> None:
    if answer.as_of:
        _say(console, f"With what was known before {spoken(answer.as_of)}.", style=_MUTED)
    if rows_left_out:
        _say(console, f"{counted(rows_left_out, 'row')} with faults left out.", style="bold")
    _say(console, _headline(answer), style="bold")
    for sentence in answer.look_anyway:
        _say(console, f"Look anyway: {sentence}", style="bold")


def _headline(answer: ClusterAnswer) -> str:
    standing = [cluster for cluster in answer.clusters if cluster.p <= STANDS_OUT]
    if standing:
        # Clusters of the same cases are one matter to look at, seen from several sides.
        matters = len(_groups(standing))
        places = counted(len(standing), "place")
        hold = "holds" if len(standing) == 1 else "hold"
        return (
            f"{places} {hold} more cases than chance gives; {counted(matters, 'group')} of cases to look at."
        )
    if any(not one.not_scanned for one in answer.outcomes):
        return "Nothing stands out."
    return "Nothing could be scanned."


def _linked(clusters: Sequence[Cluster], start: int) -> set[int]:
    """Positions of all clusters that are linked to this one by shared cases, itself included."""
    found, waiting = {start}, [start]
    while waiting:
        mine = set(clusters[waiting.pop()].cases)
        new = {at for at, other in enumerate(clusters) if at not in found and mine & set(other.cases)}
        found |= new
        waiting.extend(new)
    return found


def _groups(clusters: Sequence[Cluster]) -> list[list[int]]:
    """Positions of the clusters linked by shared cases, in order; the first of each group leads it."""
    groups = [sorted(_linked(clusters, at)) for at in range(len(clusters))]
    return [group for at, group in enumerate(groups) if group[0] == at]


def _group(console: Console, answer: ClusterAnswer, group: Sequence[int]) -> None:
    """In full: the leading cluster and those with cases of their own. The others are the same cases from another side."""
    told, others = list[Cluster](), list[int]()
    for position in group:
        cluster = answer.clusters[position]
        if set(cluster.cases) <= {case for other in told for case in other.cases}:
            others.append(position)
            continue
        told.append(cluster)
        _block(console, position, cluster)
    for explanation in answer.explanations:
        if set(explanation.clusters) & set(group):
            _explain(console, explanation)
    if others:
        _other_sides(console, answer.clusters, others)


def _block(console: Console, position: int, cluster: Cluster) -> None:
    console.print()
    _say(console, f"{position + 1:>2}  {_name(cluster)}", style="bold" if cluster.p <= STANDS_OUT else "")
    _indented(console, Text(cluster.reading))
    _indented(console, Text(_numbers(cluster), style=_MUTED))
    _indented(console, _cases(cluster.line_list))
    rest = len(cluster.line_list) - MOST_LINES
    if rest > 0:
        _indented(console, Text(f"and {counted(rest, 'more case')}: all of them with --json", style=_MUTED))


def _other_sides(console: Console, clusters: Sequence[Cluster], positions: Sequence[int]) -> None:
    console.print()
    _indented(console, Text("The same cases seen from other sides (each in words with --json)", style="bold"))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style=_MUTED)
    table.add_column("", justify="right", no_wrap=True)
    table.add_column("where", overflow="fold")
    for heading in ("cases", "expected", "p"):
        table.add_column(heading, justify="right", no_wrap=True)
    for position in positions:
        cluster = clusters[position]
        numbers = (count(cluster.observed), figure(cluster.expected), p_value(cluster.p))
        table.add_row(str(position + 1), *(Text(cell) for cell in (place_name(cluster.where), *numbers)))
    _indented(console, table)


def _name(cluster: Cluster) -> str:
    return f"{sentence_case(cluster.outcome)}: {place_name(cluster.where)}"


def _numbers(cluster: Cluster) -> str:
    when = "" if cluster.in_window else f"; sessions of {spoken(cluster.start)} to {spoken(cluster.end)}"
    return f"relative risk {ratio(cluster.relative_risk)}; log likelihood ratio {cluster.llr:.2f}{when}"


def _cases(lines: Sequence[ClusterCase]) -> Table:
    known = any(line.known_outbreak for line in lines)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style=_MUTED)
    headings = ("reaction", "session", "began", "days", "what", "by", "vials" if _vials(lines) else "lots")
    for heading in (*headings, "outbreak") if known else headings:
        table.add_column(
            heading,
            no_wrap=heading in ("session", "began", "days"),
            overflow="fold",
            justify="right" if heading == "days" else "left",
        )
    for line in lines[:MOST_LINES]:
        last = (line.known_outbreak or "no",) if known else ()
        table.add_row(*(Text(cell) for cell in (*_row(line, vials=_vials(lines)), *last)))
    return table


def _vials(lines: Sequence[ClusterCase]) -> bool:
    return any(line.vials for line in lines)


def _row(line: ClusterCase, *, vials: bool) -> tuple[str, ...]:
    return (
        line.reaction_id,
        line.session_date,
        line.onset_date or "not known",
        "?" if line.days_to_onset is None else f"{line.days_to_onset:.0f}",
        line.term,
        line.practitioner or "?",
        ", ".join(line.vials if vials else line.lots) or "?",
    )


def _explain(console: Console, explanation: Explanation) -> None:
    for number, text in enumerate(_explanation(explanation)):
        if number == 0:
            console.print()
        _indented(console, text)


def _explanation(explanation: Explanation) -> Iterator[Text]:
    yield Text("What may explain these cases", style="bold")
    yield Text(explanation.reading)
    likely = [one for one in explanation.hypotheses if one.probability >= LEAST_SHOWN]
    for rank, one in enumerate(likely[:MOST_HYPOTHESES], start=1):
        yield Text(f"{rank}. {_share(one.probability):>9}  {one.label}")
    if explanation.nothing_in_common >= LEAST_SHOWN:
        yield Text(f"   {_share(explanation.nothing_in_common):>9}  nothing in common: chance")
    for fact in explanation.facts[:MOST_FACTS]:
        yield Text(f"To tell: {fact.kind.value}: {fact.what.rstrip('.')}. {fact.why}")


def _share(probability: float) -> str:
    if probability > 0.99:
        return "over 99 %"
    return "under 1 %" if probability < 0.01 else f"{100 * probability:.0f} %"


def _how(answer: ClusterAnswer, console: Console) -> None:
    console.print()
    _say(console, "How it was computed", style="bold")
    for one in answer.outcomes:
        _say(console, _scanned(one), style=_MUTED)
    if answer.clusters:
        _say(console, f"{_READ_IT} {NO_PROOF}", style=_MUTED)


def _scanned(one: OutcomeScanned) -> str:
    name = sentence_case(one.outcome)
    if one.not_scanned:
        return f"{name}: {one.reading[:1].lower()}{one.reading[1:]}"
    return (
        f"{name}: {one.reading} {count(one.replicates)} replicates. {one.counting_rule}"
        f" Days from session to onset: {one.delay[:1].lower()}{one.delay[1:]}"
    )


def _say(console: Console, text: str, style: str = "") -> None:
    console.print(Text(text, style=style))


def _indented(console: Console, text: Text | Table) -> None:
    console.print(Padding(text, (0, 0, 0, _INDENT), expand=False))
