"""Group articles into stories: each article is placed as it arrives, by the words it shares with recent articles."""
