"""Inference from values: centre, interval, p-values, and comparison with other windows.

``summarise`` is offered here because public reports call it by this address; all else is imported from its module.
"""

from groundswell.claims.inference.summary import summarise

__all__ = ["summarise"]
