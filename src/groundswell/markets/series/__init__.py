"""Series of numbers: the catalogue, the book, the calendar, returns and adjustments."""
