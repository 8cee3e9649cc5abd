"""Clusters of a registry: which place, on any axis and in any time window, holds more cases than chance.

=================  ==================================================================================
``nodes``          which session belongs to which places, on every axis
``strata``         sessions of alike risk, within which cases are compared
``ground``         one outcome laid out for the scan: persons, sessions, places, cases, expectations
``find``           from the scan to the places that hold most beyond what was expected
``overlaps``       findings that share cases, and which of them makes the others ordinary
``cases``          the line list and the epidemic curve behind a finding
``readings``       what a finding says in words (``wording`` has the phrases, ``summary`` the scan as a whole)
``look_anyway``    mycobacterial infections with something in common, whatever the p values
``explain``        hypotheses weighed against each other, and the facts that would tell them apart
``order``            the group of cases least like chance first, in it the likeliest explanation first
``search``         all outcomes of a registry, put in one order: `find_clusters`
=================  ==================================================================================
"""
