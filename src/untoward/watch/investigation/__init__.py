"""The analyses of an outbreak beyond its attack rates: strata, regression, matched sets, dose, time, what is missing.

Each module answers one question about a line list. A person of whom something is not known is left out of what needs
it and counted in ``unknown``; nobody unknown is taken for unexposed. A list of cases alone has no comparison, and
every answer says so.
"""
