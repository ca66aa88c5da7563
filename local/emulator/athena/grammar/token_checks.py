"""What Trino refuses by a word and its neighbours, before a statement is parsed."""

from sqlglot.errors import SqlglotError
from sqlglot.tokens import Token, TokenType

from emulator.athena.grammar.dialect import TrinoOnly

_UNITS = ("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND")
_WITH_FROM = ("TRIM", "EXTRACT", "SUBSTRING")
_NEVER = set(":: // ** == { := <=> & | ^ ~ && @ $ ->> #".split())
_STARTS = {TokenType.L_PAREN, TokenType.UNION, TokenType.ALL, TokenType.EXCEPT, TokenType.INTERSECT}


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
        if bare and (
            word.text in _NEVER or word.text[:1] == "$" or word.token_type in (TokenType.ISNULL, TokenType.NOTNULL)
        ):
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
            return earlier in (
                TokenType.STRING,
                TokenType.FROM,
                TokenType.JOIN,
                TokenType.ALIAS,
                TokenType.NUMBER,
                TokenType.R_PAREN,
            )
        case TokenType.FROM:
            return before is None or earlier == TokenType.COMMA or earlier in _STARTS
        case TokenType.L_BRACKET:
            return earlier == TokenType.IN or (
                later == TokenType.R_BRACKET
                and earlier in (TokenType.VAR, TokenType.INT, TokenType.VARCHAR, TokenType.BIGINT)
            )
        case TokenType.L_PAREN:
            return earlier in (TokenType.CURRENT_DATE,)
        case TokenType.COMMA:
            return second.token_type == TokenType.LIMIT
        case TokenType.R_PAREN | TokenType.R_BRACKET:
            return earlier == TokenType.COMMA
        case TokenType.ALL:
            return before is not None and (
                earlier == TokenType.ORDER_BY
                or earlier == TokenType.GROUP_BY
                and later in (None, TokenType.R_PAREN, TokenType.ORDER_BY, TokenType.HAVING, TokenType.LIMIT)
            )
        case TokenType.MOD:
            return earlier == TokenType.NUMBER and later in (None, TokenType.R_PAREN, TokenType.SEMICOLON)
        case TokenType.COLON:
            return True
    text = word.text.upper()
    return (text == "TOP" and earlier == TokenType.SELECT and later == TokenType.NUMBER) or (
        text == "NULLS"
        and earlier is not None
        and before.text.upper() in ("IGNORE", "RESPECT")
        and later == TokenType.R_PAREN
    )


def _check_interval(words: list[Token], earlier: TokenType | None) -> None:
    given = words[1:] if words[0].token_type in (TokenType.DASH, TokenType.PLUS) else words
    literal = given and given[0].token_type == TokenType.STRING
    if (
        not literal
        and given
        and given[0].token_type in (TokenType.NUMBER, TokenType.L_PAREN, TokenType.VAR)
        and earlier not in (TokenType.ALIAS, TokenType.DOT)
    ):
        _refuse(given[0])
    if literal and (len(given) < 2 or given[1].text.upper() not in _UNITS):
        _refuse(
            given[1] if len(given) > 1 else given[0], "Expecting: 'DAY', 'HOUR', 'MINUTE', 'MONTH', 'SECOND', 'YEAR'"
        )


def _refuse(word: Token, why: str = "") -> None:
    column = max(word.col - len(word.text) + 1, 1)
    message = f"mismatched input '{word.text}'{'. ' + why if why else ''}"
    raise Unparsed(message, [{"line": word.line, "col": column, "description": message}])


class Unparsed(SqlglotError):
    """As the parser's own error: with places."""

    def __init__(self, message: str, errors: list[dict]) -> None:
        super().__init__(message)
        self.errors = errors
