"""Sends the calls on standard input through a Python client and exits 0 when the platform took them all.

Usage: send_calls.py segment|rudderstack
"""

import importlib
import json
import sys
from datetime import datetime


def say(client, call):
    """Translates one call into a method of the client."""
    at = datetime.fromisoformat(call["at"])
    ids = {"user_id": call.get("userId"), "anonymous_id": call.get("anonymousId"), "timestamp": at}
    if "context" in call:
        ids["context"] = call["context"]
    match call["type"]:
        case "identify":
            client.identify(traits=call["traits"], **ids)
        case "track":
            client.track(event=call["event"], properties=call["properties"], **ids)
        case "page":
            client.page(name=call["name"], properties=call["properties"], **ids)
        case "screen":
            client.screen(name=call["name"], properties=call["properties"], **ids)
        case "group":
            client.group(group_id=call["groupId"], traits=call["traits"], **ids)
        case "alias":
            client.alias(previous_id=call["previousId"], user_id=call["userId"], timestamp=at)


def main(library):
    """Sends, flushes, and reports what the client could not deliver."""
    task = json.load(sys.stdin)
    failures = []
    client = importlib.import_module(f"{library}.analytics.client").Client(
        task["writeKey"],
        host=task["host"],
        gzip=task["gzip"],
        max_retries=task.get("retries", 0),
        on_error=lambda error, batch: failures.append(f"{len(batch)} calls: {error!r}"),
    )
    for call in task["calls"]:
        say(client, call)
    client.flush()
    client.join()
    print("\n".join(failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
