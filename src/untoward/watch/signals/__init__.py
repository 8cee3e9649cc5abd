"""Signals in spontaneous reports: is an event reported with a drug, or a set of drugs, more than it should be?

    from untoward.watch.signals import count_reports, measure
    scored = measure(count_reports(tables, roles=("suspect", "interacting")))
    scored.table      # every measure of every pair, with its 2x2 cells
    scored.settings   # how it was made

What is counted, always, is the distinct report. A signal is a reason to look, never a cause.

====================  ======================================================================================
``counting``          reports to counts of pairs: distinct reports, roles, margins
``given``             counts from tables of pairs or of counts
``report_matrix``     the reports as sparse matrices, from which everything is counted
``measures``          PRR, ROR, chi-square, exact tests, IC and EBGM of every pair, in one table
``rules``             named decision rules (Evans, EMA, MHRA, UMC, EB05, FDR)
``stratified``        age, sex and year held still: Mantel-Haenszel, expected counts by stratum, agreement
``interactions``      pairs and sets of three drugs that bring out what none brings out alone
``likelihood_ratio``  likelihood-ratio tests of a class of drugs, with a Monte Carlo p
``tree``              one drug against a tree of terms
``adjusted``          one pair by penalised logistic regression
``over_time``         when would it have been a signal: replay over receipt dates, sequential bounds
``onset``             time from drug to event
``masking``           which drug hides the signal of another; the notoriety check
``duplicates``        the same case reported twice
====================  ======================================================================================
"""

from untoward.kernels.gamma_poisson import FitFailed, Prior
from untoward.watch.signals.adjusted import AdjustedOddsRatio, adjusted_odds_ratio
from untoward.watch.signals.class_table import ClassTable, class_table
from untoward.watch.signals.counting import (
    SUSPECTED,
    Counting,
    PairCounts,
    count_matrix,
    count_pairs,
    count_reports,
    matrix_of,
)
from untoward.watch.signals.duplicates import Duplicates, find_duplicates, merge, restored
from untoward.watch.signals.given import count_pair_table, count_table
from untoward.watch.signals.interactions import pair_interactions, set_interactions
from untoward.watch.signals.likelihood_ratio import LikelihoodRatio, likelihood_ratio_test
from untoward.watch.signals.masking import maskers, notoriety, unmasked, without
from untoward.watch.signals.measures import Adjusted, Scored, Settings, Shrinkage, measure
from untoward.watch.signals.onset import Onset, time_to_onset
from untoward.watch.signals.over_time import Replay, replay
from untoward.watch.signals.report_matrix import ReportMatrix, report_matrix
from untoward.watch.signals.rules import RULES, Rule, flagged
from untoward.watch.signals.stratified import Stratified, strata_of, stratify
from untoward.watch.signals.tree import tree_scan

__all__ = [
    "RULES",
    "SUSPECTED",
    "Adjusted",
    "AdjustedOddsRatio",
    "ClassTable",
    "Counting",
    "Duplicates",
    "FitFailed",
    "LikelihoodRatio",
    "Onset",
    "PairCounts",
    "Prior",
    "Replay",
    "ReportMatrix",
    "Rule",
    "Scored",
    "Settings",
    "Shrinkage",
    "Stratified",
    "adjusted_odds_ratio",
    "class_table",
    "count_matrix",
    "count_pair_table",
    "count_pairs",
    "count_reports",
    "count_table",
    "find_duplicates",
    "flagged",
    "likelihood_ratio_test",
    "maskers",
    "matrix_of",
    "measure",
    "merge",
    "notoriety",
    "pair_interactions",
    "replay",
    "report_matrix",
    "restored",
    "set_interactions",
    "strata_of",
    "stratify",
    "time_to_onset",
    "tree_scan",
    "unmasked",
    "without",
]
