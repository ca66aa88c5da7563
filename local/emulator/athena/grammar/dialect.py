"""Trino's grammar where the parser's is wider: it also reads what other engines have."""

from collections.abc import Iterable

from sqlglot import exp
from sqlglot.dialects.trino import Trino
from sqlglot.parsers.trino import TrinoParser
from sqlglot.tokens import Token, TokenType

_SPECIAL = ("CAST", "TRY_CAST", "EXTRACT", "POSITION", "SUBSTRING", "TRIM", "LISTAGG", "JSON_QUERY", "JSON_VALUE")
_CLAUSES = (
    "MATCH_RECOGNIZE",
    "WHERE",
    "GROUP_BY",
    "HAVING",
    "WINDOW",
    "ORDER_BY",
    "LIMIT",
    "FETCH",
    "OFFSET",
    "TABLE_SAMPLE",
)
_PREDICATES = ("BETWEEN", "IN", "IS", "LIKE")
_TYPES = {
    *"boolean tinyint smallint integer int bigint real double decimal dec numeric varchar char varbinary".split(),
    *"json date time timestamp interval array map row".split(),
    *"uuid ipaddress hyperloglog p4hyperloglog tdigest qdigest setdigest color unknown".split(),
}


def _only(table: dict, names: Iterable[str]) -> dict:
    wanted = set(names)
    return {key: value for key, value in table.items() if getattr(key, "name", key) in wanted}


class TrinoOnly(Trino):
    """Trino without what its parser here has from elsewhere; every function keeps the name by which it was called."""

    class Tokenizer(Trino.Tokenizer):
        COMMENTS = ["--", ("/*", "*/")]

    class Parser(TrinoParser):
        FUNCTIONS: dict = {}
        FUNCTION_PARSERS = _only(TrinoParser.FUNCTION_PARSERS, _SPECIAL)
        NO_PAREN_FUNCTION_PARSERS = _only(TrinoParser.NO_PAREN_FUNCTION_PARSERS, ("ANY", "CASE", "IF"))
        COLUMN_OPERATORS = _only(TrinoParser.COLUMN_OPERATORS, ("DOT",))
        RANGE_PARSERS = _only(TrinoParser.RANGE_PARSERS, _PREDICATES)
        QUERY_MODIFIER_PARSERS = _only(TrinoParser.QUERY_MODIFIER_PARSERS, _CLAUSES)
        FACTOR = _only(TrinoParser.FACTOR, ("SLASH", "STAR", "MOD"))
        TERM = _only(TrinoParser.TERM, ("DASH", "PLUS"))
        BITWISE: dict = {}

        def _parse_join(self, *given, **named) -> exp.Expression | None:
            beside = self._curr is not None and self._curr.token_type == TokenType.COMMA
            join = super()._parse_join(*given, **named)
            if (
                join
                and not beside
                and not (
                    join.kind == "CROSS" or join.method == "NATURAL" or join.args.get("on") or join.args.get("using")
                )
            ):
                self.raise_error("Expecting: 'ON', 'USING'")
            return join

        def _parse_cast(self, strict: bool, safe: bool | None = None) -> exp.Expression:
            start = self._index
            cast = super()._parse_cast(strict, safe)
            self._refuse_foreign_type(self._tokens[start : self._index])
            return cast

        def _refuse_foreign_type(self, inside: list[Token]) -> None:
            depth, named = 0, None
            for at, token in enumerate(inside[:-1]):
                depth += (token.token_type == TokenType.L_PAREN) - (token.token_type == TokenType.R_PAREN)
                if depth == 0 and token.token_type == TokenType.ALIAS:
                    named = inside[at + 1]
            if named and named.text.lower() not in _TYPES:
                self.raise_error(f"Unknown type: {named.text}", named)
