"""Read the items of XML feeds: RSS of every version, Atom and CDF."""
