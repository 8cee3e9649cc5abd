"""The hazard log: what could go wrong for a person when this program is used, what is done about it, and what is not.

The hazards stand in `data/*.yaml`, their shape in `hazard.json`. Nothing in here changes what a rule answers.
"""
