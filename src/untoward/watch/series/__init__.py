"""Counts per week or day, for people who have only those: is the last period more than its history leads one to expect?

===============  ====================================================================================
``binning``      dated counts to a series without holes, gaps told from zeros
``methods``      EARS, Farrington, CUSUM over the last periods, or why one cannot run
===============  ====================================================================================
"""
