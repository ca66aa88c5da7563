"""A template's secret has the reference and the generated value that it has on AWS."""

import json
from secrets import token_urlsafe
from typing import Any

from ministack.services import secretsmanager
from ministack.services.cloudformation import provisioners

_TYPE = "AWS::SecretsManager::Secret"

_create = provisioners._sm_secret_create
_update = provisioners._sm_secret_update
_delete = provisioners._sm_secret_delete


def _name(physical_id: str) -> str:
    for name, secret in secretsmanager._secrets.items():
        if secret["ARN"] == physical_id:
            return name
    return physical_id


def _by_arn(made: tuple) -> tuple:
    _physical_id, attributes = made
    return attributes["Arn"], attributes


def create(logical_id: str, props: dict, stack_name: str) -> tuple:
    """`Ref` of a secret is its ARN, and its generated name begins with the logical id."""
    name = props.get("Name") or f"{logical_id}-{token_urlsafe(9).replace('-', 'x').replace('_', 'y')}"
    return _by_arn(_create(logical_id, {**props, "Name": name}, stack_name))


def update(physical_id: str, old_props: dict, new_props: dict, stack_name: str, logical_id: str | None = None) -> tuple:
    """An update finds the secret by the ARN that `create` gave out."""
    name = _name(physical_id)
    kept = new_props if "Name" in new_props else {**new_props, "Name": name}
    return _by_arn(_update(name, old_props, kept, stack_name, logical_id))


def delete(physical_id: str, props: dict) -> None:
    """A deletion finds the secret by the ARN that `create` gave out."""
    _delete(_name(physical_id), props)


def secret_string(props: dict) -> str:
    """Applies every setting of GenerateSecretString; MiniStack applies only the length and the excluded characters."""
    settings: dict[str, Any] | None = props.get("GenerateSecretString")
    if not settings or props.get("SecretString"):
        return props.get("SecretString", "")
    status, _headers, body = secretsmanager._get_random_password(
        {key: _typed(value) for key, value in settings.items()}
    )
    answer = json.loads(body)
    if status != 200:
        raise ValueError(f"{_TYPE}: {answer}")
    generated = answer["RandomPassword"]
    if "SecretStringTemplate" not in settings:
        return generated
    return json.dumps({**json.loads(settings["SecretStringTemplate"]), settings["GenerateStringKey"]: generated})


def _typed(value: Any) -> Any:
    """CloudFormation also passes booleans and numbers as text."""
    if value in ("true", "false"):
        return value == "true"
    return int(value) if isinstance(value, str) and value.isdigit() else value


def apply() -> None:
    """Replaces the handlers of the resource type."""
    provisioners._sm_secret_create = create
    provisioners._sm_secret_string = secret_string
    provisioners._RESOURCE_HANDLERS[_TYPE].update(create=create, update=update, delete=delete)
