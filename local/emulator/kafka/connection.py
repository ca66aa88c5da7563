"""How a mapping connects to its brokers: with its secrets, which Lambda reads as the function's role."""

import json
from typing import Any

from emulator.iam import assumed_role

_MECHANISMS = {
    "BASIC_AUTH": "PLAIN",
    "SASL_SCRAM_256_AUTH": "SCRAM-SHA-256",
    "SASL_SCRAM_512_AUTH": "SCRAM-SHA-512",
}


def settings(mapping: dict[str, Any], role: str) -> dict[str, Any]:
    """Settings of librdkafka. Raises what Secrets Manager answers when the role may not read a secret.

    Lambda signs in by TLS only. Without any secret it connects in plain text, as within a VPC.
    """
    access = {entry["Type"]: entry["URI"] for entry in mapping.get("SourceAccessConfigurations") or []}
    # Subnets and security groups mean nothing here, because all brokers are on this machine.
    known = {kind: uri for kind, uri in access.items() if not kind.startswith("VPC_")}
    client = assumed_role.client(role, "secretsmanager")
    secrets = {kind: json.loads(client.get_secret_value(SecretId=uri)["SecretString"]) for kind, uri in known.items()}
    made: dict[str, Any] = {
        "bootstrap.servers": ",".join(servers(mapping)),
        "group.id": group(mapping),
        "enable.auto.commit": False,
        "auto.offset.reset": "earliest" if mapping.get("StartingPosition") == "TRIM_HORIZON" else "latest",
        # A function may fail for longer than any pause that a group allows its members.
        "max.poll.interval.ms": 86_400_000,
        "session.timeout.ms": 6_000,
    }
    for kind, secret in secrets.items():
        made["security.protocol"] = "SASL_SSL" if made.get("sasl.mechanism") or kind in _MECHANISMS else "SSL"
        if kind in _MECHANISMS:
            made |= {
                "sasl.mechanism": _MECHANISMS[kind],
                "sasl.username": secret["username"],
                "sasl.password": secret["password"],
            }
        elif kind == "CLIENT_CERTIFICATE_TLS_AUTH":
            made |= {"ssl.certificate.pem": secret["certificate"], "ssl.key.pem": secret["privateKey"]}
        elif kind == "SERVER_ROOT_CA_CERTIFICATE":
            made["ssl.ca.pem"] = secret["certificate"]
        else:
            raise ValueError(f"a mapping has no access configuration of type {kind}")
    return made


def servers(mapping: dict[str, Any]) -> list[str]:
    """The first brokers to ask."""
    return mapping["SelfManagedEventSource"]["Endpoints"]["KafkaBootstrapServers"]


def group(mapping: dict[str, Any]) -> str:
    """The consumer group; a mapping without one has one of its own."""
    return (mapping.get("SelfManagedKafkaEventSourceConfig") or {}).get("ConsumerGroupId") or mapping["UUID"]
