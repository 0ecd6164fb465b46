"""The state of the trade: gauges, their kinds and their phases."""
