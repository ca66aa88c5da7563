"""The types of a query's parts in Trino. What cannot be typed is None, and is not checked."""

from collections.abc import Mapping

from sqlglot import exp
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, traverse_scope
from sqlglot.schema import MappingSchema

from emulator.athena.grammar.dialect import TrinoOnly
from emulator.athena.grammar.statements import TableName
from emulator.athena.types import common_types
from emulator.athena.types.expression_types import kind_of
from emulator.athena.types.trino_types import BIGINT, BOOLEAN, Type
from emulator.athena.types.type_reading import type_of

Columns = Mapping[TableName, Mapping[str, exp.DataType]]
Outputs = list[tuple[str, Type | None]]
_CONDITIONS = {"where": "WHERE clause", "having": "HAVING clause"}


class Typing:
    """The types of one query over known tables: of each part, and of each output. @raises Mismatch, OptimizeError"""

    def __init__(self, query: exp.Query, columns: Columns) -> None:
        for number, node in enumerate(query.walk()):
            node.meta["part"] = number
        self._columns = columns
        self._kinds: dict[int, Type] = {}
        self._outputs: dict[int, Outputs] = {}
        schema = MappingSchema(dialect=TrinoOnly)
        for name, kinds in columns.items():
            lower = {column.lower(): kind for column, kind in kinds.items()}
            schema.add_table(exp.table_(name.table, db=name.database), lower, dialect=TrinoOnly)
        qualified = qualify(query.copy(), dialect=TrinoOnly, schema=schema, expand_alias_refs=False)
        self._scopes = {id(scope.expression): scope for scope in traverse_scope(qualified)}
        self._active: set[int] = set()
        for scope in list(self._scopes.values()):
            self._check_clauses(scope)
        self.outputs = self._of_scope(self._scopes[id(qualified)]) if id(qualified) in self._scopes else []

    def kind(self, node: exp.Expression) -> Type | None:
        """The type of a part of the query that was given."""
        return self._kinds.get(node.meta.get("part", -1))

    def _check_clauses(self, scope: Scope) -> None:
        self._of_scope(scope)
        if not isinstance(scope.expression, exp.Select):
            return
        for clause, name in _CONDITIONS.items():
            if found := scope.expression.args.get(clause):
                common_types.want_boolean(self._type(found.this, scope), name)
        common_types.check_order(scope.expression)
        for join in scope.expression.args.get("joins") or []:
            if join.args.get("on"):
                common_types.want_boolean(self._type(join.args["on"], scope), "JOIN ON clause")
        for clause in filter(None, (scope.expression.args.get("group"), scope.expression.args.get("order"))):
            for each in clause.expressions:
                self._type(each.this if isinstance(each, exp.Ordered) else each, scope)

    def _of_scope(self, scope: Scope) -> Outputs:
        key = id(scope.expression)
        if key not in self._outputs:
            if key in self._active:
                return []
            self._active.add(key)
            self._outputs[key] = self._worked_out(scope)
            self._active.discard(key)
        return self._outputs[key]

    def _worked_out(self, scope: Scope) -> Outputs:
        match scope.expression:
            case exp.Select() as select:
                return [(each.alias_or_name, self._type(each, scope)) for each in select.expressions]
            case exp.SetOperation() as operation:
                left, right = (self._of_scope(each) for each in scope.set_operation_scopes)
                within = operation.find_ancestor(exp.With) if scope.is_cte else None
                return left if within and within.recursive else common_types.united(operation.key.upper(), left, right)
            case exp.Subquery() as subquery if id(subquery.unnest()) in self._scopes:
                return self._of_scope(self._scopes[id(subquery.unnest())])
            case exp.Unnest() as unnest:
                return self._named(unnest, self._unnested(unnest, scope))
            case exp.Values() as values:
                return self._named(values, self._columns_of(values, scope))
        return []

    def _unnested(self, unnest: exp.Unnest, scope: Scope) -> list[Type | None]:
        kinds = [common_types.elements(self._type(each, scope)) for each in unnest.expressions]
        if None in kinds:
            return []
        return [kind for each in kinds for kind in each] + ([BIGINT] if unnest.args.get("offset") else [])

    def _columns_of(self, values: exp.Values, scope: Scope) -> list[Type | None]:
        rows = [row.expressions if isinstance(row, exp.Tuple) else [row] for row in values.expressions]
        kinds = [[self._type(each, scope) for each in row] for row in rows]
        return [common_types.joint("VALUES", list(column)) for column in zip(*kinds, strict=False)]

    @staticmethod
    def _named(node: exp.Expression, kinds: list[Type | None]) -> Outputs:
        alias = node.args.get("alias")
        names = [each.name for each in alias.columns] if alias else []
        return list(zip([*names, *[""] * len(kinds)], kinds, strict=False))

    def _type(self, node: exp.Expression, scope: Scope) -> Type | None:
        kind = self._looked_at(node, scope)
        if kind is not None and "part" in node.meta:
            self._kinds[node.meta["part"]] = kind
        return kind

    def _looked_at(self, node: exp.Expression, scope: Scope) -> Type | None:
        match node:
            case exp.Column():
                return self._column(node, scope)
            case exp.Subquery() | exp.Exists() | exp.Select() | exp.SetOperation():
                return self._subquery(node)
            case exp.Lambda():
                return Type("function")
            case exp.In() if node.args.get("query"):
                return common_types.compared("IN", self._type(node.this, scope), self._subquery(node.args["query"]))
            case exp.Window():
                order = node.args["order"].expressions if node.args.get("order") else []
                for part in [*node.args.get("partition_by", []), *order]:
                    self._type(part.this if isinstance(part, exp.Ordered) else part, scope)
        return kind_of(node, lambda part: self._type(part, scope))

    def _column(self, column: exp.Column, scope: Scope) -> Type | None:
        if not column.table:
            return self._unqualified(column.name, scope)
        at: Scope | None = scope
        while at is not None and column.table not in at.sources:
            at = at.parent
        source = at.sources[column.table] if at else None
        if isinstance(source, Scope):
            return dict(self._of_scope(source)).get(column.name)
        if isinstance(source, exp.Table):
            kind = self._columns.get(TableName(source.db.lower(), source.name.lower()), {}).get(column.name)
            return type_of(kind, stored=True) if kind else None
        return None

    def _unqualified(self, name: str, scope: Scope) -> Type | None:
        """A column that the tables of its scope have once, or one that the query itself names."""
        found = [kind for table in scope.sources if (kind := self._column(exp.column(name, table=table), scope))]
        return found[0] if len(found) == 1 else dict(self._outputs.get(id(scope.expression), [])).get(name)

    def _subquery(self, node: exp.Expression) -> Type | None:
        if isinstance(node, exp.Exists):
            return BOOLEAN
        inner = node.unnest() if isinstance(node, exp.Subquery) else node
        found = self._of_scope(self._scopes[id(inner)]) if id(inner) in self._scopes else []
        return found[0][1] if len(found) == 1 else None
