"""Tables of texts, as people's programs write them: from bytes to columns of days and numbers. Pure."""
