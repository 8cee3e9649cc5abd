"""One module per generated page. Each has `pages()`: path below docs/reference to the text of the page.

The same code and data always give the same text.
"""
