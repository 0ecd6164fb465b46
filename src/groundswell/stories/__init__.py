"""Articles to stories: each article is placed once, as it arrives, by what it shares with the last days' articles."""
