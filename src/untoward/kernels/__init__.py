"""Numbers in, numbers out: the statistics behind attack rates, 2x2 tables and expected courses.

A kernel imports numpy and scipy, nothing of the package above it, and does no reading, writing or logging.
Where data cannot answer, the result says so (``None``, mostly with a reason, or ``nan`` in arrays) and
nothing is raised; errors are for input that cannot be.

======================  ==============================================================================
``intervals``           proportion (Clopper-Pearson, Wilson) and rate (Garwood)
``two_by_two``          ratios, differences and tests of one 2x2 table, asymptotic and exact
``conditional``         the exact distribution under those: all margins fixed, any odds ratio
``screening``           one-sided Fisher tests of very many exposures at once
``multiplicity``        p-values adjusted for the number of questions asked (Holm, Benjamini-Hochberg)
``survival``            log-normal time to resolution from the few figures a publication prints
``random_effects``      one share for several populations
``disproportionality``  PRR, ROR, chi-square, IC and Fisher's test of drug and event in reports
``gamma_poisson``       EBGM and its limits; the prior that fits, or why none does (``squashing``, ``gamma_mixture``,
                        ``negative_binomial`` are parts of it)
``interaction``         Omega and two other baselines for two drugs and one event
``mantel_haenszel``     ratios over strata, and whether the strata agree
``penalised_logistic``  odds ratios adjusted for covariates, finite when groups are separated
``likelihood_ratio``    likelihood-ratio test of a drug-event table
``tree_scan``           excess over a hierarchy of terms
``sequential``          looking again and again: exact critical values (MaxSPRT)
``compiled``            loops compiled to machine code, in one place
``monte_carlo``         p from replicates, Gumbel tail, early stopping, recurrence interval
``joint_scan``          clusters on any of many crossing axes at once (``joint_scan_*``, ``splitmix``, ``alias`` are parts of it)
``hypotheses``          which exposure accounts best for cases and non-cases, and what would tell
``spatial_scan``        circles of places with too many cases; ``space_time_scan`` with a time window (``scan_*`` are parts)
``rates``               observed over expected, shrunken estimates, funnel limits
``e_process``           evidence that may be looked at any time; ``e_values`` over many streams
``ears``                C1 to C3 on a series of counts; ``farrington`` and ``cusum`` likewise
``stratified``          ratios over strata in a line list; ``logistic``, ``trend``, ``incubation`` for outbreaks
``weibull``             does the hazard of onset rise or fall
======================  ==============================================================================
"""
