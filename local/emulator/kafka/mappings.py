"""Event source mappings on topics of Kafka, which MiniStack keeps without topics and never reads."""

from typing import Any

from ministack.core.concurrency import spawn_background
from ministack.services import lambda_svc
from ministack.services.cloudformation import provisioners

from emulator.kafka.topic_reader import TopicReader
from emulator.server import periodic_task

_TYPE = "AWS::Lambda::EventSourceMapping"
_PAUSE = 0.5
_OF_KAFKA = ("SelfManagedEventSource", "SelfManagedKafkaEventSourceConfig", "SourceAccessConfigurations", "Topics")

_create = provisioners._lambda_esm_create
_update = provisioners._lambda_esm_update
_reading: set[str] = set()


def create(logical_id: str, props: dict, stack_name: str) -> tuple:
    """Keeps what a mapping on topics needs beside the rest. A cluster of MSK is refused, because there is none."""
    if ":kafka:" in str(props.get("EventSourceArn", "")):
        raise ValueError(f"{logical_id}: the emulator reads topics of SelfManagedEventSource only, and no MSK cluster")
    physical_id, attributes = _create(logical_id, props, stack_name)
    lambda_svc._esms[physical_id] |= {name: props[name] for name in _OF_KAFKA if name in props}
    return physical_id, attributes


def update(physical_id: str, old_props: dict, new_props: dict, stack_name: str) -> tuple:
    """Another address, topic or secret is another mapping here; on AWS, some change in place."""
    if any(old_props.get(name) != new_props.get(name) for name in _OF_KAFKA):
        made = create(physical_id, new_props, stack_name)
        provisioners._delete_predecessor(provisioners._lambda_esm_delete, physical_id, old_props)
        return made
    return _update(physical_id, old_props, new_props, stack_name)


def read() -> None:
    """Starts a reader for each mapping on topics that has none."""
    for account, region, mapping in lambda_svc._iter_all_esms():
        mapping_id = mapping["UUID"]
        if not mapping.get("SelfManagedEventSource") or mapping_id in _reading or not _is_active(mapping):
            continue
        _reading.add(mapping_id)
        spawn_background(_read, account, region, mapping, thread_name="topic-reader")


def _read(account: str, region: str, mapping: dict[str, Any]) -> None:
    try:
        TopicReader(account, region, mapping, lambda: _is_active(mapping)).run()
    finally:
        _reading.discard(mapping["UUID"])


def _is_active(mapping: dict[str, Any]) -> bool:
    exists = any(key[-1] == mapping["UUID"] for key in list(lambda_svc._esms._data))
    return exists and str(mapping.get("Enabled", True)).lower() != "false"


def apply() -> None:
    """Replaces the handlers of the resource type, and begins to read."""
    provisioners._RESOURCE_HANDLERS[_TYPE].update(create=create, update=update)
    periodic_task.start(read, _PAUSE, "kafka")
