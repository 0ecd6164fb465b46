"""The numbers that ship with the program, so that it measures something without a network and without a data folder."""
