"""Read feeds: parse and clean their bytes, identify articles, and decide when to ask again."""
