"""Event source mappings on Kinesis and table streams that checkpoint, split, retry and give up as AWS documents.

MiniStack takes any answer as success of the whole batch, so that records that the function reported as failed are
lost; it retries errors forever; and a slow function of one mapping holds up all others.
"""

import logging
from collections.abc import Iterator
from typing import Any

from ministack.core import responses
from ministack.core.arn import ArnParseError, parse_arn
from ministack.core.concurrency import spawn_background
from ministack.services import dynamodb, kinesis, lambda_svc

from emulator.iam import assumed_role
from emulator.streams.shard_reader import ShardReader
from emulator.streams.sources import KinesisShard, TableStream

logger = logging.getLogger("emulator.stream")

_readers: dict[tuple[str, str], ShardReader] = {}
_refused: set[str] = set()


def poll_kinesis() -> bool:
    """Starts a reader for every shard with something to read."""
    return _poll("kinesis", _kinesis_shards, "kinesis:GetRecords")


def poll_tables() -> bool:
    """Starts a reader for every table stream with something to read."""
    return _poll("dynamodb", _table_streams, "dynamodb:GetRecords")


def _poll(service: str, sources_of: Any, read_action: str) -> bool:
    """Always False, because the readers run on their own: there is never more to do at once."""
    for account, region, mapping in lambda_svc._iter_all_esms():
        if _service_of(mapping) != service or not _is_active(mapping):
            continue
        account_token = responses._request_account_id.set(account)
        region_token = responses._request_region.set(region)
        try:
            _start_readers(mapping, sources_of(mapping), read_action)
        finally:
            responses._request_account_id.reset(account_token)
            responses._request_region.reset(region_token)
    return False


def _start_readers(mapping: dict[str, Any], sources: Iterator[Any], read_action: str) -> None:
    function, _config = lambda_svc._get_func_record_for_qualifier(mapping["FunctionName"], mapping.get("Qualifier"))
    if function is None:
        return
    for source in sources:
        key = (mapping["UUID"], source.shard)
        if key not in _readers:
            _readers[key] = ShardReader(source, _start(mapping, source))
        reader = _readers[key]
        if reader.busy or not reader.has_records() or not _may_read(mapping, function, read_action):
            continue
        reader.busy = True
        spawn_background(reader.drain, mapping, function, lambda: _is_active(mapping), thread_name="stream-reader")


def _start(mapping: dict[str, Any], source: Any) -> Any:
    """A table's position was taken when the mapping was made, so that LATEST loses nothing written since."""
    made_at = lambda_svc._dynamodb_stream_positions.get(mapping["UUID"]) if isinstance(source, TableStream) else None
    return source.start(mapping.get("StartingPosition", "LATEST")) if made_at is None else made_at


def _may_read(mapping: dict[str, Any], function: dict[str, Any], action: str) -> bool:
    """Lambda reads as the function's role; MiniStack reads without asking IAM."""
    allowed = assumed_role.allows(function["config"]["Role"], action, mapping["EventSourceArn"])
    if not allowed and mapping["UUID"] not in _refused:
        _refused.add(mapping["UUID"])
        mapping["LastProcessingResult"] = f"PROBLEM: the function's role may not {action}"
        logger.error("%s: its role may not %s on %s", mapping["FunctionName"], action, mapping["EventSourceArn"])
    return allowed


def _is_active(mapping: dict[str, Any]) -> bool:
    return (
        str(mapping.get("Enabled", True)).lower() != "false"
        and mapping.get("State") != "Deleting"
        and _exists(mapping["UUID"])
    )


def _exists(mapping_id: str) -> bool:
    return any(key[-1] == mapping_id for key in list(lambda_svc._esms._data))


def _service_of(mapping: dict[str, Any]) -> str:
    try:
        return parse_arn(mapping.get("EventSourceArn", "")).service
    except ArnParseError:
        return ""


def _kinesis_shards(mapping: dict[str, Any]) -> Iterator[KinesisShard]:
    arn = mapping["EventSourceArn"]
    stream = kinesis._streams.get(arn.rsplit("/", 1)[-1])
    if stream and stream["StreamStatus"] == "ACTIVE":
        for shard_id, shard in list(stream["shards"].items()):
            yield KinesisShard(shard_id, shard, arn)


def _table_streams(mapping: dict[str, Any]) -> Iterator[TableStream]:
    arn = mapping["EventSourceArn"]
    name = arn.split("/stream/")[0].rsplit("/", 1)[-1]
    table = dynamodb._tables.get(name)
    if table and table.get("LatestStreamArn") == arn:
        yield TableStream(name)


def apply() -> None:
    """Replaces the two pollers; the one for queues stays."""
    lambda_svc._poll_kinesis = poll_kinesis
    lambda_svc._poll_dynamodb_streams = poll_tables
