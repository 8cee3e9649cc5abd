"""How people fall ill: common reactions, bacterial infection, mycobacterial infection, immediate allergy."""

from __future__ import annotations

import numpy as np

from untoward.simulate.arrays import MINUTES_PER_DAY, Ints
from untoward.simulate.draw import Stage, lognormal, lognormal_within, pick
from untoward.simulate.occurrences import (
    ABSCESS,
    BACKGROUND,
    CELLULITIS,
    HIVES,
    NODULE,
    Course,
    Occurrences,
    Severity,
    all_terms,
    occur,
    together,
)
from untoward.simulate.world import World


def background(world: World) -> Occurrences:
    """Everything that happens when nothing is wrong."""
    return together([_common_background(world), _infection_background(world), _allergy_background(world)])


def common_reactions(
    world: World, session: Ints, term: Ints, rng: np.random.Generator, cause: int = BACKGROUND
) -> Occurrences:
    """Reactions that the compounds are known to cause, with onset, duration and severity as their rates say."""
    parameters, rates = world.parameters, world.rates
    given = world.treatment[session]
    mild = 1.0 - parameters.moderate_share - parameters.severe_share
    shares = np.array([mild, parameters.moderate_share, parameters.severe_share])
    return occur(
        world,
        session,
        term=term,
        onset_days=rates.onset[given, term]
        * np.exp(rng.normal(0.0, parameters.onset_local_log_sd, session.size)),
        days=np.exp(rates.mu[given, term] + rates.sigma[given, term] * rng.normal(size=session.size)),
        course=Course.COMMON,
        severity=pick(rng, shares, session.size),
        cause=cause,
    )


def bacterial_infections(
    world: World, session: Ints, rng: np.random.Generator, cause: int = BACKGROUND
) -> Occurrences:
    """An ordinary bacterial infection of each of these sessions: an abscess or a spreading redness."""
    parameters = world.parameters
    kinds = np.array([all_terms(world).index(ABSCESS), all_terms(world).index(CELLULITIS)])
    onset = lognormal_within(
        rng,
        parameters.background_infection_onset_days_median,
        parameters.background_infection_onset_days_low,
        parameters.background_infection_onset_days_high,
        session.size,
    )
    return occur(
        world,
        session,
        term=kinds[rng.integers(2, size=session.size)],
        onset_days=onset,
        days=lognormal(
            rng,
            parameters.background_infection_days_median,
            parameters.background_infection_log_sd,
            session.size,
        ),
        course=Course.BACTERIAL,
        severity=rng.integers(Severity.MODERATE, Severity.SEVERE + 1, session.size),
        cause=cause,
    )


def mycobacterial_infections(
    world: World, session: Ints, rng: np.random.Generator, cause: int
) -> Occurrences:
    """A mycobacterial infection of each of these sessions: nodules after the incubation, some an abscess later."""
    parameters, size = world.parameters, session.size
    onset = lognormal_within(
        rng,
        parameters.incubation_days_median,
        parameters.incubation_days_low,
        parameters.incubation_days_high,
        size,
        parameters.incubation_log_sd,
    )
    days = lognormal(rng, parameters.mycobacterial_days_median, parameters.mycobacterial_log_sd, size)
    later = lognormal(rng, parameters.abscess_after_days_median, parameters.abscess_after_log_sd, size)
    turns = np.flatnonzero((rng.random(size) < parameters.abscess_share) & (later < days))
    course, severity = Course.MYCOBACTERIAL, Severity.MODERATE
    nodules = occur(
        world,
        session,
        term=NODULE,
        onset_days=onset,
        days=days,
        course=course,
        severity=severity,
        cause=cause,
    )
    abscesses = occur(
        world,
        session[turns],
        term=ABSCESS,
        onset_days=(onset + later)[turns],
        days=(days - later)[turns],
        course=course,
        severity=severity,
        cause=cause,
    )
    return together([nodules, abscesses])


def immediate_allergies(
    world: World,
    session: Ints,
    rng: np.random.Generator,
    *,
    term: str = HIVES,
    severity: Severity = Severity.MODERATE,
    cause: int = BACKGROUND,
) -> Occurrences:
    """An allergic reaction within minutes of each of these sessions."""
    parameters = world.parameters
    minutes = rng.uniform(
        parameters.allergy_onset_minutes_low, parameters.allergy_onset_minutes_high, session.size
    )
    return occur(
        world,
        session,
        term=term,
        onset_days=minutes / MINUTES_PER_DAY,
        days=lognormal(rng, parameters.allergy_days_median, parameters.allergy_log_sd, session.size),
        course=Course.ALLERGIC,
        severity=severity,
        cause=cause,
    )


def _common_background(world: World) -> Occurrences:
    """Each reaction happens and is recorded independently of every other, of the same session too."""
    rng = world.stream(Stage.BACKGROUND)
    given, rate = world.treatment, world.share * world.rates.rate
    hits = [np.flatnonzero(rng.random(given.size) < rate[given, column]) for column in range(rate.shape[1])]
    session = np.concatenate([np.empty(0, dtype=np.int64), *hits])
    term = np.repeat(np.arange(len(hits)), [hit.size for hit in hits])
    return common_reactions(world, session, term, rng)


def _infection_background(world: World) -> Occurrences:
    rng = world.stream(Stage.INFECTION)
    ill = rng.random(world.visits.count) < world.parameters.background_infection_per_session
    return bacterial_infections(world, np.flatnonzero(ill), rng)


def _allergy_background(world: World) -> Occurrences:
    rng = world.stream(Stage.ALLERGY)
    ill = rng.random(world.visits.count) < world.parameters.allergy_per_session
    return immediate_allergies(world, np.flatnonzero(ill), rng)
