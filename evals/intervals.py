"""Means with honest intervals: resampling whole stories, as questions on one story stand or fall together."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

RESAMPLES = 2_000
SEED = 20171022


class Mean(NamedTuple):
    """A mean of scores in [0, 1], or of differences in [-1, 1]."""

    value: float
    low: float | None
    """Lower end of the 95 % interval; None when there are fewer than two stories to resample."""
    high: float | None
    cases: int
    stories: int


def clustered_mean(values: Sequence[float], stories: Sequence[str]) -> Mean:
    """The mean of `values`, one or more, with the 95 % percentile interval of a cluster bootstrap.

    Stories are drawn with replacement, as many as there are, each with all its cases. Field & Welsh, JRSS B 2007.
    """
    names = sorted(set(stories))
    at = {name: number for number, name in enumerate(names)}
    where = np.array([at[story] for story in stories])
    sums = np.bincount(where, weights=np.asarray(values, dtype=float), minlength=len(names))
    counts = np.bincount(where, minlength=len(names))
    mean = float(sums.sum() / counts.sum())
    if len(names) < 2:
        return Mean(mean, None, None, len(values), len(names))
    drawn = np.random.default_rng(SEED).multinomial(len(names), [1 / len(names)] * len(names), size=RESAMPLES)
    means = (drawn @ sums) / (drawn @ counts)
    low, high = np.quantile(means, [0.025, 0.975])
    return Mean(mean, float(low), float(high), len(values), len(names))
