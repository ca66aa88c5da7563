"""Exports of a profile table as DynamoDB leaves them: items packed as the stream packs them, by code of the tests' own."""

import base64
import gzip
import json
import zlib
from pathlib import Path

DICTIONARY = '"collection":"users","createdAt":"202'
LISTS = ("identifiers", "traits", "segments")


def item(profile_id: str, version: int = 1, **said: object) -> dict:
    """A live profile: `eventCount`, `firstSeen`, `lastSeen`, `collection`, `identifiers` and `segments` by name, `traits` by name and value, `unkept` by name and bytes, and `horizons`."""
    said = {"collection": "users", "eventCount": 1, "firstSeen": "2026-05-01T00:00:00.000Z", "lastSeen": "2026-05-01T00:00:00.000Z", "marks": "ao AAAAAAAAA", **said}
    packed = {name: said[name] for name in ("collection", "firstSeen", "lastSeen", "marks")}
    packed["createdAt"] = said["firstSeen"]
    packed["identifiers"] = json.dumps([[id_, "m", "m", "m"] for id_ in said.get("identifiers", [])])
    unkept = [[name, None, 0, size, [size, 0]] for name, size in said.get("unkept", {}).items()]
    packed["traits"] = json.dumps([*([name, value, 0] for name, value in said.get("traits", {}).items()), *unkept], ensure_ascii=False)
    if "horizons" in said:
        packed["horizons"] = json.dumps(said["horizons"])
    packed["segments"] = json.dumps([[key, "m"] for key in said.get("segments", [])])
    deflater = zlib.compressobj(wbits=-15, zdict=DICTIONARY.encode())
    content = deflater.compress(json.dumps(packed, ensure_ascii=False).encode()) + deflater.flush()
    plain = {"pk": {"S": f"profile#{profile_id}"}, "sk": {"S": "state"}, "kind": {"S": "profile"}, "profileId": {"S": profile_id}}
    return {**plain, "version": {"N": str(version)}, "eventCount": {"N": str(said["eventCount"])}, "packed": {"B": base64.b64encode(content).decode()}}


def export(lake: Path, name: str, taken_at: str, items: list[dict], *, complete: bool = True) -> None:
    """Writes an export of items in DynamoDB's notation, with what else is in such a table: a tombstone and the owner of an identifier."""
    others = [{"kind": {"S": "tombstone"}, "profileId": {"S": "per_0"}, "mergedInto": {"S": "per_1"}, "packed": {"B": "AA=="}}, {"pk": {"S": "identifier#x"}, "sk": {"S": "owner"}, "profileId": {"S": "per_1"}}]
    folder = lake / "exports/AWSDynamoDB" / name
    (folder / "data").mkdir(parents=True)
    (folder / "_started").write_text("")
    for number, part in enumerate((items[::2], [*items[1::2], *others])):
        (folder / "data" / f"{number}.json.gz").write_bytes(gzip.compress("".join(f"{json.dumps({'Item': one})}\n" for one in part).encode()))
    if complete:
        (folder / "manifest-summary.json").write_text(json.dumps({"exportTime": taken_at, "outputFormat": "DYNAMODB_JSON", "itemCount": len(items) + 2}))
