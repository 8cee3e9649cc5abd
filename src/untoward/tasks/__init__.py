"""The only place where stages meet:

one module per task, used alike by the command line, the pages and the tests.
"""
