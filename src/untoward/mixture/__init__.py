"""What may share a syringe, and with this person:

pure functions from a mixture and the evidence to a verdict.
"""
