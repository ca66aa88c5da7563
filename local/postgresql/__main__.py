"""Runs PostgreSQL with TLS until its standard input ends, and prints the port.

    python -m postgresql <file with statements, one a line>
"""

import sys
from pathlib import Path

from postgresql.server import Unavailable, postgresql

try:
    server = postgresql({}, Path(sys.argv[1]).read_text("utf-8"), tls=True)
except Unavailable as error:
    sys.exit(str(error))
try:
    print(server.port, flush=True)
    sys.stdin.read()
finally:
    server.close()
