"""The report of a search for signals: as a document, as a page, and as what stands on the page."""
