"""Whether two kinds of durations can be told apart: the area under the ROC curve, and how unlikely it is by chance."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from math import sqrt


def area(one: Sequence[float], other: Sequence[float]) -> float:
    """How often a duration of `other` is longer than one of `one`: 0.5 when nothing tells them apart.

    The Mann-Whitney U statistic over all pairs; of a pair that is equal, half counts.
    """
    ranked = sorted(one)
    pairs = sum(bisect_left(ranked, each) + bisect_right(ranked, each) for each in other)
    return pairs / 2 / (len(one) * len(other))


def deviations(one: Sequence[float], other: Sequence[float]) -> float:
    """How many standard deviations the area is away from 0.5, for two kinds that are asked in random order."""
    many, others = len(one), len(other)
    return (area(one, other) - 0.5) / sqrt((many + others + 1) / (12 * many * others))
