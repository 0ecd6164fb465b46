"""HTML pages: templates, their contexts and their metadata."""
