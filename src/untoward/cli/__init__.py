"""The command line: parsing and rendering only. One module per command; the work is done by `untoward.tasks`."""
