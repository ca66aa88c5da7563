"""How often each level of agreement holds for records of one person and for those of two, learnt from pairs that nobody has told apart: expectation and maximization.

A pattern is how a pair of people agrees in each field, by the place of the level: 0 where a value is missing, 1 for the same.
"""

from dataclasses import dataclass
from statistics import median

import numpy as np

PRIOR = 20
"""As many pairs of one person as what is assumed counts beside those that are learnt from."""
LEAST_LEFT = 0.05
"""At least so much of an agreement among random people is thought to be of strangers, for how many pairs are of one person is only estimated."""
STEPS, ENOUGH = 100, 1e-5

Shares = list[np.ndarray]
"""Of each field the share of each of its levels."""


@dataclass(frozen=True)
class Lesson:
    """What pairs with one value in common taught: the shares of the fields in `learnt` for records of one person, and how many pairs are."""

    shares: Shares
    learnt: frozenset[int]
    known: frozenset[int]
    matches: float


def seen(patterns: np.ndarray, counts: np.ndarray, sizes: list[int]) -> Shares:
    """Of each field the share of each level, as if it had been seen in one pair more."""
    return [in_all(weights_of(patterns[:, field], counts, size) + 1 / size) for field, size in enumerate(sizes)]


def learn(patterns: np.ndarray, counts: np.ndarray, strangers: Shares, assumed: Shares, known: frozenset[int], bound: frozenset[int]) -> Lesson:
    """Learns from pairs that agree in the fields `known`; what is `bound` to these cannot be learnt of such pairs, and says nothing of them."""
    learnt = [field for field in range(len(assumed)) if field not in bound]
    shares, share = [each.copy() for each in assumed], 0.3
    for _ in range(STEPS):
        likely = probabilities(patterns, shares, strangers, learnt, share) * counts
        before, share = share, min(max(float(likely.sum() / counts.sum()), 1e-6), 1 - 1e-6)
        for field in learnt:
            shares[field] = in_all(weights_of(patterns[:, field], likely, len(assumed[field])) + PRIOR * assumed[field])
        if abs(share - before) < ENOUGH:
            break
    return Lesson(shares, frozenset(learnt), known, float(likely.sum()))


def probabilities(patterns: np.ndarray, shares: Shares, strangers: Shares, fields: list[int], share: float) -> np.ndarray:
    """Of each pattern the probability that such a pair is one person, when of all pairs so many are."""
    odds = np.full(len(patterns), np.log(share / (1 - share)))
    for field in fields:
        odds += np.concatenate([[0.0], np.log(shares[field] / strangers[field])])[patterns[:, field]]
    return 1 / (1 + np.exp(-np.clip(odds, -500, 500)))


def weights_of(places: np.ndarray, weights: np.ndarray, size: int) -> np.ndarray:
    """How much weight each level has; pairs of which a value is missing have none."""
    return np.bincount(places, weights, size + 1)[1:]


def together(lessons: list[Lesson], assumed: Shares, pairs: int) -> tuple[Shares, float]:
    """What all lessons taught, each by its number of pairs, and the share of pairs that are one person among all pairs of people."""
    shares = []
    for field, before in enumerate(assumed):
        of_field = [lesson for lesson in lessons if field in lesson.learnt]
        whole = sum(lesson.matches for lesson in of_field)
        shares.append(sum(lesson.shares[field] * lesson.matches for lesson in of_field) / whole if whole else before)
    # Who is one person and has a slip in the value that such pairs share was not among them.
    matches = median(lesson.matches / np.prod([shares[field][0] for field in lesson.known]) for lesson in lessons)
    return shares, float(max(matches, 1) / pairs)


def of_strangers(random: Shares, shares: Shares, matching: float) -> Shares:
    """What random people agree in without the pairs that are one person."""
    return [in_all(np.maximum(level - matching * share, LEAST_LEFT * level)) for level, share in zip(random, shares, strict=True)]


def in_all(parts: np.ndarray) -> np.ndarray:
    return parts / parts.sum()


def rounded(share: float) -> float:
    """To five digits, for sums of many numbers end in other digits when they are added in another order."""
    return float(f"{share:.5g}")
