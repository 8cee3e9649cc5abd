"""A review as a page, a document, a table and a terminal summary; prints for patients. Writes no file.

Import from the modules themselves: the page needs chart libraries that take a second to load, and the terminal does not.
"""
