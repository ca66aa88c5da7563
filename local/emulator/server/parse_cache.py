"""Expressions and policies are parsed once: a deployment has few, and each request needs some."""

from functools import lru_cache

from ministack.core import iam_evaluator
from ministack.services import dynamodb

_KEPT = 4096
_parse = iam_evaluator.parse_policy_document
_tokens = lru_cache(_KEPT)(dynamodb._tokenize)
_statements = lru_cache(_KEPT)(_parse)


def tokenize(expression: str) -> list:
    """A list of the caller's own."""
    return list(_tokens(expression))


def parse_policy_document(document: str | dict) -> list:
    """A list of the caller's own. Policies that are no text may change in place, so they are parsed each time."""
    return list(_statements(document)) if isinstance(document, str) else _parse(document)


def apply() -> None:
    """Replaces functions that read nothing but their arguments."""
    dynamodb._condition_syntax_error = lru_cache(_KEPT)(dynamodb._condition_syntax_error)
    dynamodb._tokenize = tokenize
    iam_evaluator.parse_policy_document = parse_policy_document
