"""Splits one file of the bucket into pieces, as the function does with files that are small enough."""

import json
from datetime import UTC, datetime

from cdp.files.bucket_file import Objects, Version
from cdp.files.read_rows import CHUNK
from cdp.files.reading import Each, reading_of
from cdp.files.rows import BadFile
from cdp.files.stage import sha256_of

FILES, STATE, BEGUN = "imports/files/", "imports/state/files/", "imports/state/files-begun/"


def split_file(objects: Objects, file: tuple[str, str | None], declared: dict, each: Each | None = None) -> dict:
    """Splits a version of a file; gives the summary beside it. `declared` is what its source says of its rows.

    `each` does the work on several machines; default: here, one thing after another.
    """
    key, version = file
    head = objects.head(key, version)
    about = {"source": declared["source"], "object": declared["object"], "file": key, "bytes": head["ContentLength"]}
    if version := head.get("VersionId"):
        about["version"] = version
    try:
        summary = {**about, **staged(objects, Version(key, head), declared, each or here(objects))}
    except BadFile as refused:
        summary = {**about, "state": "refused", "reason": str(refused)}
    told = json.dumps(summary, ensure_ascii=False, indent=2)
    objects.put(f"imports/summaries/{key.removeprefix(FILES)}.json", told.encode())
    return summary


def here(objects: Objects) -> Each:
    return lambda work, things: [work(objects, thing) for thing in things]


def staged(objects: Objects, version: Version, declared: dict, each: Each) -> dict:
    key, reading = version.key, reading_of(objects, version, declared, each)
    tally = reading.tally()
    counts = tally.told()
    if reason := tally.too_many(declared["maxBadShare"]):
        return {**counts, "state": "refused", "reason": reason}
    file = version.open(objects)
    name = sha256_of(iter(lambda: file.read(CHUNK), b""))
    mark = f"{STATE}{declared['source']}/{name}"
    if objects.known(mark):
        return {**counts, "state": "known"}
    origin = origin_of(objects, f"{BEGUN}{declared['source']}/{name}", key, instant(version.head["LastModified"]))
    load = load_id(origin["startedAt"], name)
    of = f"{declared['source']}/{load}"
    pieces = reading.stage(origin["file"], piece_keys(declared, of))
    if declared["rows"] == "records":
        about = {"source": declared["source"], "load": load, "object": declared["object"]}
        manifest = {**about, "complete": declared["complete"], "startedAt": origin["startedAt"]}
        objects.put(f"imports/rows/{of}/manifest.json", json.dumps(manifest).encode())
    objects.put(mark, key.encode())
    records = {"records": True} if declared["rows"] == "records" else {}
    return {**counts, **records, "state": "staged", "load": load, "pieces": pieces}


def origin_of(objects: Objects, begun: str, key: str, started_at: str) -> dict[str, str]:
    """The first name and time of the bytes: a run that died may be followed by one of another name."""
    if objects.known(begun):
        return json.loads(objects.read(begun))
    origin = {"file": key, "startedAt": started_at}
    objects.put(begun, json.dumps(origin).encode())
    return origin


def piece_keys(declared: dict, of: str) -> str:
    """The format of the keys of pieces, by their number."""
    if declared["rows"] == "records":
        return f"imports/rows/{of}/{declared['object']}/{{}}.ndjson.gz"
    return f"imports/staged/{of}/{declared['object']}-{{:05}}.ndjson.gz"


def instant(moment: datetime) -> str:
    moment = moment.astimezone(UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"


def load_id(started_at: str, name: str) -> str:
    return f"{started_at.translate({ord(sign): None for sign in '-:.'})}-{name}"


def declared_of(files: dict, key: str) -> dict:
    """What the configuration says of a file: its source's form, and its object. Raises BadFile."""
    source, folder = [*key.removeprefix(FILES).split("/"), ""][:2]
    form = files.get(source)
    if form is None:
        raise BadFile(f"no source of kind files with large files has the id {source}")
    objects = form["objects"]
    object_ = next(iter(objects)) if len(objects) == 1 else folder
    if object_ not in objects:
        raise BadFile(f"must be in the folder of an object of {source}: {', '.join(objects)}")
    return {**form, **objects[object_], "source": source, "object": object_}
