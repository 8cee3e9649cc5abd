"""Numbers in, numbers out: the statistics behind attack rates, 2x2 tables and expected courses.

A kernel imports numpy and scipy, nothing of the package above it, and does no reading, writing or logging.
Where data cannot answer, the result says so (``None``, mostly with a reason, or ``nan`` in arrays) and
nothing is raised; errors are for input that cannot be.

===================  =================================================================================
``intervals``        proportion (Clopper-Pearson, Wilson) and rate (Garwood)
``two_by_two``       ratios, differences and tests of one 2x2 table, asymptotic and exact
``conditional``      the exact distribution under those: all margins fixed, any odds ratio
``screening``        one-sided Fisher tests of very many exposures at once
``multiplicity``     p-values adjusted for the number of questions asked (Holm, Benjamini-Hochberg)
``survival``         log-normal time to resolution from the few figures a publication prints
===================  =================================================================================
"""
