"""Starts the emulator: `python -m emulator`. It ends with its standard input, so that it never outlives its parent."""

import os
import signal
import sys
import tempfile
import threading
from pathlib import Path

# MiniStack reads these when it is imported. The listeners that are switched off would bind ports of their own.
os.environ.setdefault("GATEWAY_PORT", "4566")
os.environ.update(
    AUTH="true", BIND_HOST="127.0.0.1", PERSIST_STATE="0", S3_PERSIST="0", IOT_MTLS_ENABLED="0", SFTP_ENABLED="0"
)

from ministack import app  # noqa: E402

from emulator import extensions  # noqa: E402


def end_with_parent() -> None:
    """Waits for the end of standard input, which also closes when the parent is killed."""
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    """Serves until it ends. Functions are unpacked outside the repository, whose packages they must not find.

    Nor must they find what lies above: their workers are CommonJS, whatever a `package.json` there says.
    """
    with tempfile.TemporaryDirectory(prefix="cdp-emulator-", ignore_cleanup_errors=True) as scratch:
        os.environ["TMPDIR"] = tempfile.tempdir = scratch
        Path(scratch, "package.json").write_text("{}")
        extensions.apply()
        threading.Thread(target=end_with_parent, daemon=True, name="end-with-parent").start()
        app.main()


if __name__ == "__main__":
    try:
        main()
    except SystemExit as ended:
        # Threads and DuckDB take seconds to end one by one, and nothing that they hold outlives the process.
        os._exit(ended.code)
