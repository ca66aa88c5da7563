"""Cases of rules that are written in TypeScript and in Python, which vitest and pytest both read."""

import json

import pytest
from lake import ROOT


def shared_cases(rule: str) -> list:
    """The cases of `test/shared-rules/<rule>.json`, each a parameter of `input` and `expected` under its name."""
    cases = json.loads((ROOT / f"test/shared-rules/{rule}.json").read_text("utf-8"))
    return [pytest.param(case["input"], case["expected"], id=case["name"]) for case in cases]
