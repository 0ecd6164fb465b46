"""What is said of a story: headline, summary, entities, publishers, momentum."""
