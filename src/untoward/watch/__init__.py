"""What all sessions say together: how often, after which exposure, when, and for how long.

Everything here turns tables into counts, hands the counts to a kernel and wraps the answer in a value of
`model`. An excess is an association. It is never called a cause.

================  ===================================================================================
``outcomes``      what counts as a case, and for which sessions the data cannot say
``memberships``   which unit had which exposure, as numbers that count fast
``exposures``     the memberships of a registry: vial, lot, mix, practitioner …
``counting``      the 2x2 table of every exposure at once
``estimates``     attack rates, ratios and p values of one table
``ranking``       which exposures stand out, corrected for how many were looked at
``screening``     one outcome of a registry against every exposure
``wording``       the one sentence that says what stands out and how sure that is
``epi_curve``     cases by onset
``durations``     how long the reactions of a term last
``line_list``     the same for one table of ill and well persons
``known_by``      the registry as it stood at an earlier moment
``onsets``        when reactions began and were known, person by person
``delays``        how long after a session cases begin and are known
``expected``      how many cases were to be expected by now
``rates``         how often, against that, for every value of every axis
``clusters``      one scan over all axes, and what may explain what it finds
``sequential``    every stream watched at every look
``series``        counts by week or day
``investigation`` strata, regression, dose, incubation of an outbreak
``workbench``     case definitions, matching, tracing, linkage
``outbreak``      a line list's answer in the form that scripts rely on
================  ===================================================================================
"""
