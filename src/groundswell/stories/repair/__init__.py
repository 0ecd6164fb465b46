"""Merges and splits of stories at fixed points of the stream."""
