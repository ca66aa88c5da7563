"""The list of barriers, its hashes and its rules are those of the stream."""

from datetime import datetime

import numpy as np
import pytest
from cdp.barriers.barrier_list import Barrier, BarriersUnreadable, read_barrier_list
from cdp.barriers.keyed_hash import short_hash
from cdp.barriers.verdict import judge, judge_correction
from shared_rules import shared_cases


def millis(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)


def barrier_in(said: dict | None) -> Barrier | None:
    if said is None:
        return None
    return Barrier(millis(said["erased"]) if "erased" in said else None, said.get("suppressed", False))


@pytest.mark.parametrize(("input", "expected"), shared_cases("barriers/hashes"))
def test_hash(input, expected):
    assert f"{short_hash(input['identifier'], input['secret'].encode()):016x}" == expected


@pytest.mark.parametrize(("input", "expected"), shared_cases("barriers/lists"))
def test_list(input, expected):
    content, short = bytes.fromhex(input["bytes"]), int(input["hash"], 16)
    if expected == "unreadable":
        with pytest.raises(BarriersUnreadable):
            read_barrier_list(content)
        return
    listed = read_barrier_list(content)
    assert listed.barrier(short) == barrier_in(expected)
    assert listed.has(np.array([short], np.uint64)).tolist() == [expected is not None]


@pytest.mark.parametrize(("input", "expected"), shared_cases("barriers/verdicts"))
def test_verdict(input, expected):
    rule = judge_correction if input["correction"] else judge
    found = rule(input["identifiers"], millis(input["at"]), lambda one: barrier_in(input["barriers"].get(one)))
    assert found._asdict() == {"dropped": None, "kept": [], **expected}
