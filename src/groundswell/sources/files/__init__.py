"""Tables in files: their layouts, cells, splices and dividends."""
