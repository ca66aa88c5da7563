"""How often each level of agreement holds for records of one person and for those of two: what was learnt, what was assumed, and both weighed."""

import copy
from math import comb

PRIOR = 20
"""As many pairs of one person as what is assumed counts beside those that are learnt from."""
LEAST_LEFT = 0.05
"""At least so much of an agreement among random people is thought to be of strangers, for how many pairs are of one person is only estimated."""


def seen_among_strangers(assumed: dict, counts: list[dict[int, int]]) -> dict:
    """The model with the share of each level among pairs of random people, `counts` by its place, as if each field had been seen in one pair more."""
    model = copy.deepcopy(assumed)
    for levels, count in zip(fields_of(model), counts, strict=True):
        seen = sum(count.get(place, 0) for place in range(1, len(levels) + 1))
        for place, level in enumerate(levels, 1):
            level["u_probability"] = rounded((count.get(place, 0) + 1 / len(levels)) / (seen + 1))
    return model


def settled(model: dict, assumed: dict, people: int) -> dict:
    """The model as it is used: shares that few pairs taught lean to what is assumed, and what random people agree in is rid of the pairs that are one person."""
    model = copy.deepcopy(model)
    pairs = comb(people, 2)
    matching = max(model["probability_two_random_records_match"], 1 / pairs)
    for levels, before in zip(fields_of(model), fields_of(assumed), strict=True):
        shares = of_one_person([level["m_probability"] for level in levels], [level["m_probability"] for level in before], matching * pairs)
        strangers = of_two([level["u_probability"] for level in levels], shares, matching)
        for level, share, stranger in zip(levels, shares, strangers, strict=True):
            level["m_probability"], level["u_probability"] = rounded(share), rounded(stranger)
    model["probability_two_random_records_match"] = rounded(matching)
    return model


def fields_of(model: dict) -> list[list[dict]]:
    """Levels of each field, without that of what is missing."""
    return [[level for level in field["comparison_levels"] if not level.get("is_null_level")] for field in model["comparisons"]]


def of_one_person(found: list[float], assumed: list[float], matches: float) -> list[float]:
    """A share that is still the assumed one was not learnt: nobody had that level, or, when all of them are, nobody could learn this field."""
    learnt = [0 if share == before else share for share, before in zip(found, assumed, strict=True)]
    if not sum(learnt):
        return in_all(assumed)
    return in_all([matches * share / sum(learnt) + PRIOR * before for share, before in zip(learnt, assumed, strict=True)])


def of_two(random: list[float], shares: list[float], matching: float) -> list[float]:
    return in_all([max(level - matching * share, LEAST_LEFT * level) for level, share in zip(random, shares, strict=True)])


def in_all(parts: list[float]) -> list[float]:
    return [part / sum(parts) for part in parts]


def rounded(share: float) -> float:
    """To five digits, for sums of many numbers end in other digits when Spark adds them in another order."""
    return float(f"{share:.5g}")
