"""How an outcome was scanned, and what came of it, in words."""

from __future__ import annotations

from collections.abc import Iterator

from untoward.watch.clusters.find import ScannedOutcome
from untoward.watch.clusters.ground import ScannedGround
from untoward.watch.clusters.nodes import MOST_COMPOUNDS_PAIRED
from untoward.watch.clusters.wording import anywhere, listed, place_name, sentence_case
from untoward.watch.wording import many


def counting_rule(laid_out: ScannedGround) -> str:
    """How several sessions of a person count, and what cases are compared within."""
    reach = many(round(laid_out.delay.reach), "day")
    rule = (
        f"A person is a case once, and counts at every place of the sessions up to {reach} before the onset."
    )
    parts = laid_out.strata.parts
    if not parts:
        return f"{rule} Cases are shuffled among all sessions."
    strata = many(len(laid_out.strata.labels), "stratum").replace("stratums", "strata")
    return (
        f"{rule} Cases are shuffled among sessions of the same {listed(parts)} ({strata}), which can therefore show no"
        " excess of their own but in a time window."
    )


def outcome_reading(found: ScannedOutcome) -> str:
    """What stands out of how much, and what was left out."""
    return " ".join(_sentences(found))


def _sentences(found: ScannedOutcome) -> Iterator[str]:
    laid_out = found.ground
    yield (
        f"{many(laid_out.cases.person.size, 'person')} with {laid_out.outcome.outcome.name} among"
        f" {many(laid_out.ground.date.size, 'session')} of {many(laid_out.person_ids.len(), 'person')},"
        f" {many(len(laid_out.names), 'place')} looked at."
    )
    yield _standing_out(found)
    yield from _left_out(laid_out)


def _standing_out(found: ScannedOutcome) -> str:
    if not found.findings:
        return "Nothing stands out: no place has two cases and more than expected."
    first = found.findings[0]
    if not first.stands_out:
        return f"Nothing stands out: the largest excess is at {place_name(first.where)}, {anywhere(first.p)}."
    standing = [place_name(finding.where) for finding in found.findings if finding.stands_out]
    verb = "stands" if len(standing) == 1 else "stand"
    more = found.standing_out - len(standing)
    rest = f" {more:,} more stand out and are not listed." if more else ""
    return f"{sentence_case(listed(standing))} {verb} out.{rest}"


def _left_out(laid_out: ScannedGround) -> Iterator[str]:
    if laid_out.undetermined:
        yield (
            f"{many(laid_out.undetermined, 'session')} left out: the data cannot say whether"
            f" {'it is a case' if laid_out.undetermined == 1 else 'they are cases'}."
        )
    if laid_out.undated:
        yield f"{many(laid_out.undated, 'session')} left out for want of a date."
    if laid_out.cases_left_out:
        yield f"{many(laid_out.cases_left_out, 'case')} left out for want of a dated session."
    if laid_out.onsets_unknown:
        one = laid_out.onsets_unknown == 1
        yield (
            f"{many(laid_out.onsets_unknown, 'case')} without a known onset"
            f" {'stands' if one else 'stand'} at the date of {'its' if one else 'their'} session."
        )
    if laid_out.pairs_left_out:
        syringes = many(laid_out.pairs_left_out, "syringe")
        yield f"{syringes} with more than {MOST_COMPOUNDS_PAIRED} compounds gave no pairs of compounds."
    if laid_out.strata.merged:
        yield f"{laid_out.strata.merged:,} strata were put together with others, since some had too few sessions."
