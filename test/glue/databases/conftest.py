"""PostgreSQL and MariaDB for the tests of this folder, and the drivers of the jobs in the tests' Spark."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[2] / "fixtures" / "databases"))


@pytest.fixture(scope="session")
def drivers(spark):
    import engines

    java = spark.sparkContext._jvm
    loader = java.java.lang.Thread.currentThread().getContextClassLoader()
    for jar in engines.drivers():
        loader.addURL(java.java.io.File(str(jar)).toURI().toURL())


@pytest.fixture(scope="session")
def started(drivers):
    import engines

    running = {}

    def start(engine):
        if engine not in running:
            # A zone that is not UTC, so that a time in the server's own zone is noticed.
            settings = {"max_prepared_transactions": "5", "timezone": "America/New_York"}
            running[engine] = engines.Engine(engine, **(settings if engine == "postgresql" else {}))
        return running[engine]

    yield start
    for engine in running.values():
        engine.close()


@pytest.fixture(params=["postgresql", "mariadb"])
def shop(request, spark, started, tmp_path):
    from shop import Shop

    made = Shop(spark, started(request.param), tmp_path)
    yield made
    made.close()
