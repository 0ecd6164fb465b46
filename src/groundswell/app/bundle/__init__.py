"""Bundles: all that is needed to compute the figure of a claim again, with numpy alone."""
