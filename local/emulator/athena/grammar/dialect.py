"""Trino's grammar where the parser's is wider: it also reads what other engines have."""

from collections.abc import Iterable

from sqlglot import exp
from sqlglot.dialects.trino import Trino
from sqlglot.errors import SqlglotError
from sqlglot.parsers.trino import TrinoParser
from sqlglot.tokens import Token, TokenType

_UNITS = ("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND")
_FIELDS = (*_UNITS, *"QUARTER WEEK DAY_OF_MONTH DAY_OF_WEEK DOW DAY_OF_YEAR DOY YEAR_OF_WEEK YOW TIMEZONE_HOUR TIMEZONE_MINUTE".split())
_SPECIAL = ("CAST", "TRY_CAST", "EXTRACT", "POSITION", "SUBSTRING", "TRIM", "LISTAGG", "JSON_QUERY", "JSON_VALUE")
_CLAUSES = ("MATCH_RECOGNIZE", "WHERE", "GROUP_BY", "HAVING", "WINDOW", "ORDER_BY", "LIMIT", "FETCH", "OFFSET", "TABLE_SAMPLE")
_PREDICATES = ("BETWEEN", "IN", "IS", "LIKE")
_TYPES = {
    *"boolean tinyint smallint integer int bigint real double decimal dec numeric varchar char varbinary json date time timestamp interval array map row".split(),
    *"uuid ipaddress hyperloglog p4hyperloglog tdigest qdigest setdigest color unknown".split(),
}
_WITH_FROM = ("TRIM", "EXTRACT", "SUBSTRING")
_NEVER = set(":: // ** == { := <=> & | ^ ~ && @ $ ->> #".split())
_STARTS = {TokenType.L_PAREN, TokenType.UNION, TokenType.ALL, TokenType.EXCEPT, TokenType.INTERSECT}


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
            if join and not beside and not (join.kind == "CROSS" or join.method == "NATURAL" or join.args.get("on") or join.args.get("using")):
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


def check_tokens(sql: str) -> None:
    """Refuses what can be seen from a word and its neighbours. @raises SqlglotError"""
    words = TrinoOnly().tokenize(sql)
    # Of each parenthesis that is open: the word before it, and whether a LIMIT stood in it.
    within: list[list] = [["", False]]
    for at, word in enumerate(words):
        before, after = (words[at - 1] if at else None), (words[at + 1] if at + 1 < len(words) else None)
        if word.token_type == TokenType.L_PAREN:
            within.append([before.text.upper() if before else "", False])
        elif word.token_type == TokenType.R_PAREN and len(within) > 1:
            within.pop()
        bare = word.token_type not in (TokenType.STRING, TokenType.IDENTIFIER)
        if bare and (word.text in _NEVER or word.text[:1] == "$" or word.token_type in (TokenType.ISNULL, TokenType.NOTNULL)):
            _refuse(word)
        if within[-1][0] not in _WITH_FROM and _misplaced(word, before, after, words[max(at - 2, 0)]):
            _refuse(word)
        _check_limit(word, after, within[-1])
        if word.token_type == TokenType.INTERVAL and after:
            _check_interval(words[at + 1 : at + 6], before and before.token_type)


def _check_limit(word: Token, after: Token | None, innermost: list) -> None:
    numbered = after is not None and after.token_type in (TokenType.NUMBER, TokenType.ALL)
    match word.token_type:
        case TokenType.UNION | TokenType.EXCEPT | TokenType.INTERSECT:
            innermost[1] = False
        case TokenType.LIMIT if numbered:
            innermost[1] = True
        case TokenType.OFFSET if numbered and innermost[1]:
            _refuse(word, "OFFSET stands before LIMIT")


def _misplaced(word: Token, before: Token | None, after: Token | None, second: Token) -> bool:
    kind, earlier, later = word.token_type, before and before.token_type, after and after.token_type
    match kind:
        case TokenType.STRING:
            return earlier in (TokenType.STRING, TokenType.FROM, TokenType.JOIN, TokenType.ALIAS, TokenType.NUMBER, TokenType.R_PAREN)
        case TokenType.FROM:
            return before is None or earlier == TokenType.COMMA or earlier in _STARTS
        case TokenType.L_BRACKET:
            return earlier == TokenType.IN or (later == TokenType.R_BRACKET and earlier in (TokenType.VAR, TokenType.INT, TokenType.VARCHAR, TokenType.BIGINT))
        case TokenType.L_PAREN:
            return earlier in (TokenType.CURRENT_DATE,)
        case TokenType.COMMA:
            return second.token_type == TokenType.LIMIT
        case TokenType.R_PAREN | TokenType.R_BRACKET:
            return earlier == TokenType.COMMA
        case TokenType.ALL:
            return before is not None and (earlier == TokenType.ORDER_BY or earlier == TokenType.GROUP_BY and later in (None, TokenType.R_PAREN, TokenType.ORDER_BY, TokenType.HAVING, TokenType.LIMIT))
        case TokenType.MOD:
            return earlier == TokenType.NUMBER and later in (None, TokenType.R_PAREN, TokenType.SEMICOLON)
        case TokenType.COLON:
            return True
    text = word.text.upper()
    return (text == "TOP" and earlier == TokenType.SELECT and later == TokenType.NUMBER) or (
        text == "NULLS" and earlier is not None and before.text.upper() in ("IGNORE", "RESPECT") and later == TokenType.R_PAREN
    )


def _check_interval(words: list[Token], earlier: TokenType | None) -> None:
    given = words[1:] if words[0].token_type in (TokenType.DASH, TokenType.PLUS) else words
    literal = given and given[0].token_type == TokenType.STRING
    if not literal and given and given[0].token_type in (TokenType.NUMBER, TokenType.L_PAREN, TokenType.VAR) and earlier not in (TokenType.ALIAS, TokenType.DOT):
        _refuse(given[0])
    if literal and (len(given) < 2 or given[1].text.upper() not in _UNITS):
        _refuse(given[1] if len(given) > 1 else given[0], "Expecting: 'DAY', 'HOUR', 'MINUTE', 'MONTH', 'SECOND', 'YEAR'")


def _refuse(word: Token, why: str = "") -> None:
    column = max(word.col - len(word.text) + 1, 1)
    message = f"mismatched input '{word.text}'{'. ' + why if why else ''}"
    raise Unparsed(message, [{"line": word.line, "col": column, "description": message}])


class Unparsed(SqlglotError):
    """As the parser's own error: with places."""

    def __init__(self, message: str, errors: list[dict]) -> None:
        super().__init__(message)
        self.errors = errors


def check_tree(query: exp.Expression) -> str | None:
    """The first thing in a parsed query that Trino's grammar does not have, in words."""
    for node in query.walk():
        if found := _foreign(node):
            return found
    return None


def _foreign(node: exp.Expression) -> str | None:
    match node:
        case exp.Star() if any(node.args.get(each) for each in ("except_", "except", "replace", "rename")):
            return "mismatched input after '*'"
        case exp.Distinct() if node.args.get("on"):
            return "mismatched input 'ON' after DISTINCT"
        case exp.Pivot() | exp.Comprehension() | exp.Slice() | exp.ILike() | exp.Qualify() | exp.Lock():
            return f"mismatched input '{node.key}'"
        case exp.PropertyEQ() | exp.Kwarg():
            return "a named argument stands in a table function alone"
        case exp.In() if node.args.get("field") or node.args.get("unnest"):
            return "mismatched input after IN. Expecting: '('"
        case exp.Is() if not isinstance(node.expression, exp.Null) and not isinstance(node.expression, (exp.NullSafeEQ, exp.NullSafeNEQ)):
            return "mismatched input after IS. Expecting: 'DISTINCT', 'NOT', 'NULL'"
        case exp.SetOperation() if node.args.get("by_name"):
            return "mismatched input 'BY'"
        case exp.CTE() if node.args.get("materialized") is not None:
            return "mismatched input 'MATERIALIZED'"
        case exp.WindowSpec() if node.args.get("exclude"):
            return "mismatched input 'EXCLUDE'"
        case exp.Group() if node.args.get("all") and not node.expressions:
            return "mismatched input 'ALL'"
        case exp.Limit() if not isinstance(node.expression, (exp.Literal, exp.Placeholder, exp.Var, exp.Column)) or node.args.get("offset") or node.args.get("limit_options"):
            return "mismatched input after LIMIT. Expecting: 'ALL', '?', <integer>"
        case exp.Join() if str(node.kind).upper() in ("SEMI", "ANTI") or str(node.method).upper() in ("ASOF", "POSITIONAL"):
            return f"mismatched input '{node.kind or node.method}'"
        case exp.Join() if node.method == "NATURAL":
            return "Natural join not supported"
        case exp.Like() if isinstance(node.expression, (exp.Any, exp.All)) or node.this.is_star:
            return "mismatched input in LIKE"
        case exp.Parameter() | exp.HistoricalData() if node.name.upper() == "AT" or isinstance(node, exp.Parameter):
            return f"mismatched input '{node.name}'"
        case exp.Extract() if node.name.upper() not in _FIELDS:
            return f"Invalid EXTRACT field: {node.name}"
        case exp.Table() if not isinstance(node.this, (exp.Identifier, exp.TableFromRows)) and node.this:
            return "mismatched input '('. A function stands in TABLE(...) here"
        case exp.Unnest() if not isinstance(node.parent, (exp.From, exp.Join, exp.Lateral)):
            return "mismatched input 'UNNEST'"
    return None
