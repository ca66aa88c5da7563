"""Spark's settings for a run of a job on this machine."""

from ministack.core.responses import get_region

from emulator.iam.credentials import host

_LOCAL = {
    "spark.ui.enabled": "false",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "2g",
    # Local data is small: one partition holds it, and adaptive planning takes longer than it saves.
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    # Local objects are small and cannot be split: two cores share the work only when there are several parts.
    "spark.sql.files.openCostInBytes": "1k",
    "spark.sql.files.maxPartitionBytes": "128k",
    # For little data, compiling code and compressing memory take longer than they save.
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.inMemoryColumnarStorage.compressed": "false",
}


def _catalogs(settings: dict[str, str]) -> list[str]:
    return [name for name, value in settings.items() if value == "org.apache.iceberg.spark.SparkCatalog"]


def _endpoints(endpoint: str, catalogs: list[str]) -> dict[str, str]:
    """Glue has a file system of its own for `s3://`; this machine uses Hadoop's."""
    files = {
        "spark.hadoop.fs.s3.impl": "org.apache.hadoop.fs.s3a.S3AFileSystem",
        "spark.hadoop.fs.s3a.endpoint": endpoint,
        "spark.hadoop.fs.s3a.path.style.access": "true",
        "spark.hadoop.fs.s3a.aws.credentials.provider": "com.amazonaws.auth.EnvironmentVariableCredentialsProvider",
    }
    tables = {
        f"{catalog}.{name}": value
        for catalog in catalogs
        for name, value in {
            "s3.endpoint": endpoint,
            "glue.endpoint": endpoint,
            "s3.path-style-access": "true",
            "client.region": get_region(),
        }.items()
    }
    return files | tables


def of_run(parameter: str) -> dict[str, str]:
    """Addresses of this emulator, then the job's own settings: Glue's `--conf` may hold several, `a=1 --conf b=2`."""
    own = dict(pair.strip().split("=", 1) for pair in parameter.split("--conf") if pair.strip())
    return _LOCAL | _endpoints(f"http://{host()}", _catalogs(own)) | own
