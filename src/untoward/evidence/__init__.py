"""What is known, from where, and how well:

records, sources, compounds and terms, and typed look-ups over them.
"""
