"""How often each treatment is followed by each reaction, and for how long, from what is known of its compounds.

A syringe is expected to do what the strongest of its compounds does: for each term the highest rate among them counts,
with the duration published for that compound (or, failing that, for another of them). The needle itself counts as one
of the compounds. Rates do not add up: the same bruise is not made twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np

from untoward.model.time import HOURS_PER_DAY
from untoward.simulate.arrays import Floats
from untoward.simulate.parameters import SimulationParameters
from untoward.simulate.plan import Plan
from untoward.simulate.reaction_parameter import ReactionParameter
from untoward.simulate.visits import Visits

#: Key of the compound that stands for the needle and an inert vehicle.
NEEDLE = "injection-itself"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Arrays over [treatment, term]; `Visits.treatment` says what a treatment is.

    `rate` is the true share of sessions, `mu` and `sigma` describe ln(days) of duration, `onset` is median days.
    """

    terms: tuple[str, ...]
    rate: Floats
    mu: Floats
    sigma: Floats
    onset: Floats


def make_rates(plan: Plan, parameters: SimulationParameters) -> Rates:
    """Rates of every treatment of the plan."""
    terms = tuple(sorted({reaction.term for reaction in parameters.reactions}))
    shape = (2 * len(plan.recipes), len(terms))
    rates = Rates(
        terms=terms,
        rate=np.zeros(shape),
        mu=np.full(shape, log(parameters.duration_days_median_default)),
        sigma=np.full(shape, parameters.duration_log_sd_default),
        onset=np.full(shape, parameters.onset_hours_local_median / HOURS_PER_DAY),
    )
    for number, recipe in enumerate(plan.recipes):
        for both, parts in enumerate((recipe.syringe, recipe.ingredients)):
            _fill(
                rates, 2 * number + both, {NEEDLE, *(part.compound for part in parts)}, parameters.reactions
            )
    return rates


def recorded_share(plan: Plan, parameters: SimulationParameters, rates: Rates, visits: Visits) -> float:
    """Share of common reactions that come to be recorded: what meets the plan's number per session, if it names one."""
    if plan.reactions_per_session is None:
        return parameters.share_of_reactions_reported
    true = float(rates.rate.sum(axis=1)[visits.treatment].sum())
    return min(1.0, plan.reactions_per_session * visits.count / true) if true > 0 else 1.0


def _fill(rates: Rates, row: int, compounds: set[str], reactions: tuple[ReactionParameter, ...]) -> None:
    for column, term in enumerate(rates.terms):
        known = [r for r in reactions if r.term == term and r.compound in compounds]
        known.sort(key=lambda reaction: (-reaction.rate, reaction.compound))
        if not known:
            continue
        rates.rate[row, column] = known[0].rate
        lasting = next((reaction for reaction in known if reaction.mu is not None), None)
        if lasting is not None and lasting.mu is not None and lasting.sigma is not None:
            rates.mu[row, column], rates.sigma[row, column] = lasting.mu, lasting.sigma
        if known[0].onset_median_days is not None:
            rates.onset[row, column] = known[0].onset_median_days
