"""What Athena says of types that do not fit."""


class Mismatch(Exception):
    """Its text is Trino's; `code` is the name that Athena puts before it."""

    def __init__(self, message: str, code: str = "TYPE_MISMATCH") -> None:
        super().__init__(message)
        self.code = code
