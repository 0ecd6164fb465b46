"""Inference from values: centre, interval, p-values, and comparison with other windows."""
