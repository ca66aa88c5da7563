"""Guards Python functions that Spark calls row by row."""

import sys
from collections.abc import Callable


def isolated(function: Callable[..., object], otherwise: object = None) -> Callable[..., object]:
    """Returns `otherwise` for a row that the function throws on, so an error costs that row and not the job.

    The log gets only the error's name: messages may quote the row.
    """

    def of_row(*values: object) -> object:
        try:
            return function(*values)
        except Exception as error:
            print(
                f"a row could not be read: {type(error).__name__} in {getattr(function, '__qualname__', function)}",
                file=sys.stderr,
            )
            return otherwise

    return of_row
