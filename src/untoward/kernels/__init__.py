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
``weibull``             does the hazard of onset rise or fall
======================  ==============================================================================
"""
