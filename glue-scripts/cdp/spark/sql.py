"""Parts of Spark SQL as texts: each part that PySpark puts together instead costs a call to Java."""


def quoted(text: str) -> str:
    """A text as a literal."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def identifier(name: str) -> str:
    """A quoted name, whatever signs it contains."""
    escaped = name.replace("`", "``")
    return f"`{escaped}`"


def first_case(*cases: tuple[str, str], otherwise: str = "NULL") -> str:
    """The value of the first condition that holds."""
    return f"CASE {' '.join(f'WHEN {condition} THEN {value}' for condition, value in cases)} ELSE {otherwise} END"
