"""HTTP APIs answer preflights, pass every byte, and answer 500 and 503 themselves."""

import json

from ministack.services import apigateway, lambda_svc
from ministack.services.cloudformation import provisioners

_TYPE = "AWS::ApiGatewayV2::Api"
_CORS = "CorsConfiguration"

_create = provisioners._RESOURCE_HANDLERS[_TYPE]["create"]
_update = provisioners._RESOURCE_HANDLERS[_TYPE]["update"]
_invoke = apigateway._invoke_lambda_proxy
_response = lambda_svc.lambda_execute_result_to_api_proxy_response


def _with_api_keys(props: dict) -> dict:
    """Templates write `AllowOrigins`, the API writes `allowOrigins`; MiniStack keeps either and reads the latter."""
    cors = props.get(_CORS)
    if not cors:
        return props
    return {**props, _CORS: {key[0].lower() + key[1:]: value for key, value in cors.items()}}


def create(logical_id: str, props: dict, stack_name: str) -> tuple:
    """Without this, an API made by a template refuses every preflight."""
    return _create(logical_id, _with_api_keys(props), stack_name)


def update(physical_id: str, old_props: dict, new_props: dict, *rest: object, **named: object) -> tuple:
    """As for `create`."""
    return _update(physical_id, _with_api_keys(old_props), _with_api_keys(new_props), *rest, **named)


async def invoke_lambda_proxy(integration, api_id, stage, path, method, headers, body, *rest, **named):
    """Passes a body that is not UTF-8 in base64, even if it is labelled as text; MiniStack would replace bytes."""
    if not _is_utf8(body):
        headers = _Untyped(headers)
    return await _invoke(integration, api_id, stage, path, method, headers, body, *rest, **named)


def response_of(result: dict) -> tuple[dict | None, str | None]:
    """The answer for a function that threw or may not run; MiniStack answers 502 and 429, with the reason."""
    if not result.get("throttle") and not result.get("error"):
        return _response(result)
    status, message = (503, "Service Unavailable") if result.get("throttle") else (500, "Internal Server Error")
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps({"message": message}),
    }, None


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


class _Untyped(dict):
    """The same headers, except that `get` hides the type by which MiniStack decides that a body is text."""

    def get(self, key, default=None):
        return None if key == "content-type" else super().get(key, default)


def apply() -> None:
    """Replaces the handlers of the resource type and the invocation."""
    provisioners._RESOURCE_HANDLERS[_TYPE].update(create=create, update=update)
    apigateway._invoke_lambda_proxy = invoke_lambda_proxy
    lambda_svc.lambda_execute_result_to_api_proxy_response = response_of
