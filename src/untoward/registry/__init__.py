"""The living record: Django models of clinics, people, stock, sessions and what came of them, and their history.

Every change goes through `writing`: it makes a new version with who, when and why, and adds an entry to a trail whose entries
hold each other by hash (`trail`). Nothing is ever deleted.
"""
