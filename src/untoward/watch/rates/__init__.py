"""How often an outcome follows each exposure, with denominators, and how that stands to what was to be expected.

==============  ================================================================================
``axes``        which session had which exposure, pairs of axes on request
``strata``      technique and calendar year, within which exposures are compared
``measures``    intervals, ratios, shrunken estimates and funnel of every exposure at once
``reasons``     why an exposure has too little data to be compared, in words
``answer``      the tables of one outcome, as a value
``rate``        one outcome of a registry against every exposure
==============  ================================================================================
"""
