"""A registry watched for as long as it lives: evidence of an excess that may be looked at on any day.

A *stream* is one value of one axis (this lot, that practitioner) and one outcome. Its count and its expectation grow from
look to look, and an e-process turns them into evidence (`kernels.e_process`); e-BH says which streams are lit among all
that are watched (`kernels.e_values`).

================  ===================================================================================
``plan``          what is fixed at the first look: start, baselines, delays, alpha
``elapsed``       how much of the risk of each session passed while the watch was on
``attribution``   which sessions may have caused a case, and how likely each is
``streams``       counts, shares and expectations of every stream as of a look
``evidence``      e-values, e-BH, and whether an answer stands with a higher baseline
``looks``         one look, and what moved since the one before
``planned``       one question asked beforehand: MaxSPRT with a horizon
``documents``     plans and looks as the JSON that the ledger keeps
================  ===================================================================================
"""
