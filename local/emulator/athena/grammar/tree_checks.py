"""What the parser reads and Trino refuses, seen in a parsed statement."""

from sqlglot import exp

_FIELDS = set(
    "YEAR QUARTER MONTH WEEK DAY DAY_OF_MONTH DAY_OF_WEEK DOW DAY_OF_YEAR DOY YEAR_OF_WEEK YOW "
    "HOUR MINUTE SECOND TIMEZONE_HOUR TIMEZONE_MINUTE".split()
)


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
        case exp.Is() if not isinstance(node.expression, exp.Null) and not isinstance(
            node.expression, (exp.NullSafeEQ, exp.NullSafeNEQ)
        ):
            return "mismatched input after IS. Expecting: 'DISTINCT', 'NOT', 'NULL'"
        case exp.SetOperation() if node.args.get("by_name"):
            return "mismatched input 'BY'"
        case exp.CTE() if node.args.get("materialized") is not None:
            return "mismatched input 'MATERIALIZED'"
        case exp.WindowSpec() if node.args.get("exclude"):
            return "mismatched input 'EXCLUDE'"
        case exp.Group() if node.args.get("all") and not node.expressions:
            return "mismatched input 'ALL'"
        case exp.Limit() if (
            not isinstance(node.expression, (exp.Literal, exp.Placeholder, exp.Var, exp.Column))
            or node.args.get("offset")
            or node.args.get("limit_options")
        ):
            return "mismatched input after LIMIT. Expecting: 'ALL', '?', <integer>"
        case exp.Join() if str(node.kind).upper() in ("SEMI", "ANTI") or str(node.method).upper() in (
            "ASOF",
            "POSITIONAL",
        ):
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
