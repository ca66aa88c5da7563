"""Reads lines of `aws …`, as docs have them, and says which name no operation of a service, or an option that it does not have."""

import json
import re
import sys

from botocore import xform_name
from botocore.session import Session

session = Session()
OF_ALL = {"query", "output", "region", "cli-input-json", "no-paginate", "profile"}
# Commands that the CLI adds to what services have.
CUSTOM = {"s3": {"ls", "rm", "cp"}, "logs": {"tail"}}
# What the CLI calls otherwise than the service does, for it has an option of that name itself.
RENAMED = {("sns", "subscribe"): {"notification-endpoint"}}


def flaw(command: str) -> str | None:
    [_, service, operation, *_] = command.split()
    if operation in CUSTOM.get(service, ()):
        return None
    if service not in session.get_available_services():
        return f"there is no service {service}"
    model = session.get_service_model(service)
    operations = {xform_name(name, "-"): name for name in model.operation_names}
    if operation not in operations:
        return f"{service} has no {operation}"
    shape = model.operation_model(operations[operation]).input_shape
    members = {} if shape is None else shape.members
    known = OF_ALL | RENAMED.get((service, operation), set()) | {xform_name(name, "-") for name in members}
    given = set(re.findall(r"(?<= --)[a-z-]+", command))
    unknown = {name for name in given if name not in known and name.removeprefix("no-") not in known}
    return f"{service} {operation} takes no {', '.join(sorted(unknown))}" if unknown else None


print(json.dumps([flaw(command) for command in json.load(sys.stdin)]))
