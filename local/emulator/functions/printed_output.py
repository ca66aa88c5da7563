"""Functions answer at once instead of after a wait for something they may have printed."""

from ministack.core import lambda_runtime

_drain = lambda_runtime.Worker._drain_stderr_bounded
_WAIT = 0.002


def apply() -> None:
    """MiniStack holds back each answer for 50 ms, in case a line is still to come; such a line now comes later."""
    lambda_runtime.Worker._drain_stderr_bounded = lambda worker: _drain(
        worker, first_line_wait=_WAIT, idle_confirm=_WAIT
    )
