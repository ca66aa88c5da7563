"""Reads and writes small files of the lake in the driver, wherever the lake is."""

from pyspark.sql import SparkSession


def read_file(spark: SparkSession, path: str) -> str | None:
    """The text of a file; None if there is none."""
    files, place = opened(spark, path)
    if not files.exists(place):
        return None
    return spark.read.text(path, wholetext=True).first().value


def read_bytes(spark: SparkSession, path: str) -> bytes | None:
    """The bytes of a file; None if there is none."""
    files, place = opened(spark, path)
    if not files.exists(place):
        return None
    return bytes(spark.read.format("binaryFile").load(path).first().content)


def read_files(spark: SparkSession, paths: list[str]) -> dict[str, str]:
    """The texts of files, by their paths, in one step."""
    if not paths:
        return {}
    rows = spark.read.text(paths, wholetext=True).selectExpr("value", "input_file_name() AS path").collect()
    texts = {row.path.split(":", 1)[-1].lstrip("/"): row.value for row in rows}
    return {path: texts.get(path.split(":", 1)[-1].lstrip("/"), "") for path in paths}


def delete_folder(spark: SparkSession, path: str) -> None:
    files, place = opened(spark, path)
    files.delete(place, True)


def write_file(spark: SparkSession, path: str, content: str | bytes) -> None:
    """Writes a file in one step, in place of another."""
    files, place = opened(spark, path)
    stream = files.create(place, True)
    stream.write(bytearray(content.encode() if isinstance(content, str) else content))
    stream.close()


def list_files(spark: SparkSession, folder: str, pattern: str) -> list[str]:
    """Names of the files in a folder that fit a pattern, in order."""
    return [path.rsplit("/", 1)[1] for path in list_paths(spark, f"{folder}/{pattern}")]


def list_paths(spark: SparkSession, pattern: str) -> list[str]:
    """Paths that fit a pattern, in order."""
    files, place = opened(spark, pattern)
    return sorted(status.getPath().toString() for status in files.globStatus(place) or [])


def opened(spark: SparkSession, path: str) -> tuple:
    place = spark.sparkContext._jvm.org.apache.hadoop.fs.Path(path)
    return place.getFileSystem(spark.sparkContext._jsc.hadoopConfiguration()), place
