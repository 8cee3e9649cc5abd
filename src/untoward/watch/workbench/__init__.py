"""The outbreak workbench: who is a case by a written definition, who may be compared with them, and what they share.

============== ==========================================================================================
``definition``  a case definition as values
``truth``       yes, no and cannot be told, for many persons at once
``people``      persons, sessions and reactions as numbers, and which session may lie behind which reaction
``recorded``    what was recorded of reactions: terms, findings, measures
``conditions``  whether each person meets each condition
``classify``    the highest level that each person meets
``line_list``   one row for each person, ready for `untoward outbreak`
``attack``        attack rates of persons by every exposure
``curve``         the epidemic curve by level
``contacts``      the last day on which anything was recorded of a person
``sampling``    matched controls from those at risk when the case fell ill
``matched_table`` the sampled sets as a table for the analysis
``exposed``     which exposures a person had, strictly: yes, no or not known
``trace``       what links sessions: vial, lot, product, supplier, clinic, practitioner
``linkage``     tokens that let clinics find persons in common without names
``joining``     which records of several clinics are the same person
============== ==========================================================================================
"""
