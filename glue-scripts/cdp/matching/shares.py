"""Learns how often each level of agreement holds for records of one person and for those of two.

It learns from pairs that nobody has labelled, by expectation and maximization. A pattern is how a pair agrees in each
field, as the position of the level: 0 where a value is missing, 1 for the same.
"""

from dataclasses import dataclass
from statistics import median

import numpy as np

PRIOR = 20
"""Assumed shares count as much as this many pairs of one person."""
LEAST_LEFT = 0.05
"""Strangers cause at least this part of agreements among random people: the rest is only an estimate."""
STEPS, ENOUGH = 100, 1e-5

Shares = list[np.ndarray]
"""The share of each level of each field."""


@dataclass(frozen=True)
class Lesson:
    """What pairs with one common value taught: the shares of the fields in `learnt`, and how many are one person."""

    shares: Shares
    learnt: frozenset[int]
    known: frozenset[int]
    matches: float


@dataclass(frozen=True)
class Pairs:
    """Patterns, and how many pairs have each."""

    patterns: np.ndarray
    counts: np.ndarray


def seen(pairs: Pairs, sizes: list[int]) -> Shares:
    """The share of each level of each field, as if it had been seen in one more pair."""
    fields = enumerate(sizes)
    return [in_all(weights_of(pairs.patterns[:, field], pairs.counts, size) + 1 / size) for field, size in fields]


def learn(pairs: Pairs, strangers: Shares, assumed: Shares, known: frozenset[int], bound: frozenset[int]) -> Lesson:
    """Learns from pairs that agree in the fields `known`. Such pairs cannot teach what is `bound` to these fields."""
    learnt = [field for field in range(len(assumed)) if field not in bound]
    shares, share = [each.copy() for each in assumed], 0.3
    for _ in range(STEPS):
        likely = probabilities(pairs.patterns, shares, strangers, learnt, share) * pairs.counts
        before, share = share, min(max(float(likely.sum() / pairs.counts.sum()), 1e-6), 1 - 1e-6)
        for field in learnt:
            found = weights_of(pairs.patterns[:, field], likely, len(assumed[field]))
            shares[field] = in_all(found + PRIOR * assumed[field])
        if abs(share - before) < ENOUGH:
            break
    return Lesson(shares, frozenset(learnt), known, float(likely.sum()))


def probabilities(
    patterns: np.ndarray, shares: Shares, strangers: Shares, fields: list[int], share: float
) -> np.ndarray:
    """The probability of each pattern that the pair is one person, given their share of all pairs."""
    odds = np.full(len(patterns), np.log(share / (1 - share)))
    for field in fields:
        odds += np.concatenate([[0.0], np.log(shares[field] / strangers[field])])[patterns[:, field]]
    return 1 / (1 + np.exp(-np.clip(odds, -500, 500)))


def weights_of(places: np.ndarray, weights: np.ndarray, size: int) -> np.ndarray:
    """The weight of each level; pairs with a missing value have none."""
    return np.bincount(places, weights, size + 1)[1:]


def together(lessons: list[Lesson], assumed: Shares, pairs: int) -> tuple[Shares, float]:
    """What all lessons taught, weighted by their pairs, and the share of one person's pairs among all."""
    shares = []
    for field, before in enumerate(assumed):
        of_field = [lesson for lesson in lessons if field in lesson.learnt]
        whole = sum(lesson.matches for lesson in of_field)
        shares.append(sum(lesson.shares[field] * lesson.matches for lesson in of_field) / whole if whole else before)
    # Records of one person with a slip in the pairs' common value were not among these pairs.
    matches = median(lesson.matches / np.prod([shares[field][0] for field in lesson.known]) for lesson in lessons)
    return shares, float(max(matches, 1) / pairs)


def of_strangers(random: Shares, shares: Shares, matching: float) -> Shares:
    """Agreements of random people without the pairs that are one person."""
    return [
        in_all(np.maximum(level - matching * share, LEAST_LEFT * level))
        for level, share in zip(random, shares, strict=True)
    ]


def in_all(parts: np.ndarray) -> np.ndarray:
    return parts / parts.sum()


def rounded(share: float) -> float:
    """To five digits: sums of many numbers differ in their last digits with the order of adding."""
    return float(f"{share:.5g}")
