"""How much of the variance of returns a few factors explain, with an interval that keeps neighbours together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]

BLOCK = 13
RESAMPLES = 1999


def unexplained(factors: Matrix, returns: Matrix) -> Matrix:
    """The share of the variance of each column of ``returns`` that a regression on ``factors`` leaves: 1 - R²."""
    rows = _rows(factors, returns)
    products: Matrix = (rows.T @ rows)[None]
    return np.asarray(_shares(products, factors.shape[1] + 1)[0], dtype=np.float64)


def resampled(factors: Matrix, returns: Matrix, seed: int, block: int = BLOCK) -> Matrix:
    """The same shares of ``RESAMPLES`` samples made of blocks of ``block`` neighbouring rows drawn at random.

    The moving-block bootstrap of H. Künsch, "The Jackknife and the Bootstrap for General Stationary Observations"
    (1989). A share needs only sums of products, so that those of each block are made once and added up.
    """
    rows = _rows(factors, returns)
    n = len(rows)
    products = np.concatenate([np.zeros((1, rows.shape[1], rows.shape[1])), (rows[:, :, None] * rows[:, None, :])])
    totals = np.cumsum(products, axis=0)
    blocks = totals[block:] - totals[:-block]
    drawn = np.random.default_rng(seed).integers(len(blocks), size=(RESAMPLES, -(-n // block)))
    counts = np.zeros((RESAMPLES, len(blocks)))
    np.add.at(counts, (np.arange(RESAMPLES)[:, None], drawn), 1.0)
    width = rows.shape[1]
    return _shares((counts @ blocks.reshape(len(blocks), -1)).reshape(-1, width, width), factors.shape[1] + 1)


def _rows(factors: Matrix, returns: Matrix) -> Matrix:
    return np.column_stack([np.ones(len(returns)), factors, returns])


def _shares(products: Matrix, width: int) -> Matrix:
    """Shares from sums of products of (1, factors, returns), one matrix a sample."""
    inner, cross = products[:, :width, :width], products[:, :width, width:]
    squares = np.diagonal(products[:, width:, width:], axis1=1, axis2=2)
    left = squares - np.einsum("sij,sij->sj", cross, np.linalg.solve(inner, cross))
    total = squares - cross[:, 0, :] ** 2 / inner[:, 0, 0][:, None]
    shares: Matrix = left / total
    return shares
