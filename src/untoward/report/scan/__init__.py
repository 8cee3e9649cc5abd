"""What a scan by place, time or tree found: JSON document, page with a map, and the words that both share."""
