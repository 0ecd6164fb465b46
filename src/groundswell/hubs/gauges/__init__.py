"""The gauges of a hub: their kinds, their figures and their phases, and what changed in the last week."""
