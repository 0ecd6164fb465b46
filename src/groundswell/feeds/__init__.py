"""From the bytes of a feed to articles: retrieve, parse, clean, identify, and say when to ask again."""
