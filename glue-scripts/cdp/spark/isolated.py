"""Python functions that Spark gives rows to, one after another."""

import sys
from collections.abc import Callable


def isolated(function: Callable[..., object], otherwise: object = None) -> Callable[..., object]:
    """Gives `otherwise` for a row that the function throws on: it costs that row, and not the job. The log has the error's name alone, for messages quote rows."""

    def of_row(*values: object) -> object:
        try:
            return function(*values)
        except Exception as error:
            print(f"a row could not be read: {type(error).__name__} in {getattr(function, '__qualname__', function)}", file=sys.stderr)
            return otherwise

    return of_row
