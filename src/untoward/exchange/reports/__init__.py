"""Collections of spontaneous reports as agencies publish them: files in, the three tables of `ReportTables` out.

`read.read_reports` is the way in. One module reads one source; what they share is here too: archives opened
safely (`archive`), `$`-separated lines with their repair (`dollar`), dates (`dates`), the choice of the reader
(`detect`) and the rule that keeps one version of a case (`versions`).
"""
