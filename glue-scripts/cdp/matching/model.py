"""Learns how much each agreement proves, and scores pairs of people: Fellegi and Sunter's model, by Splink."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from math import comb

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from splink import Linker, SparkAPI
from splink.backends.spark import similarity_jar_location

from cdp.matching.blocks import BLOCKING_RULE, with_keys
from cdp.matching.fields import COMMON_VALUES, as_splink, levels_of
from cdp.matching.households import tempered, weight
from cdp.matching.training import fields_of, learnt

ID = "profile_id"
LOOKED_AT = 0.01
"""Pairs of at least this probability show how many strangers live together."""
OPTIMIZER = "org.apache.spark.sql.catalyst.optimizer"
PLANNING = {
    "spark.sql.constraintPropagation.enabled": "false",
    "spark.sql.optimizer.excludedRules": f"{OPTIMIZER}.CollapseProject,{OPTIMIZER}.PushDownPredicates",
}
"""Splink repeats each field's level in its weight and all weights in their sum.

Inlined, they take Spark minutes to plan.
"""
FUNCTIONS = {"jaro_winkler": "JaroWinklerSimilarity", "damerau_levenshtein": "LevDamerauDistance"}


def scored(values: DataFrame, kinds: list[str], least: float) -> DataFrame:
    """Pairs of people who are one with at least this probability. Raises Untrainable.

    Columns: `profile_id`, `other_profile_id`, `score` and `why` (JSON).
    """
    register_functions(values.sparkSession)
    with planned_simply(values.sparkSession):
        people = with_keys(values.select(ID, *kinds), kinds, ID).localCheckpoint()
        model = learnt(people, kinds, settings(kinds), ID)
        found = likely(linker(people, model), [kind for kind in kinds if kind in COMMON_VALUES], min(least, LOOKED_AT))
        told = tempered(found, comb(people.count(), 2)).withColumns(
            {"score": F.round("score", 6), "why": F.to_json(reasons(model, found))}
        )
        return (
            told.where(F.col("score") >= least)
            .select(F.col(f"{ID}_l").alias(ID), F.col(f"{ID}_r").alias(f"other_{ID}"), "score", "why")
            .localCheckpoint()
        )


@contextmanager
def planned_simply(spark: SparkSession) -> Iterator[None]:
    before = {name: spark.conf.get(name, None) for name in PLANNING}
    for name, value in PLANNING.items():
        spark.conf.set(name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            spark.conf.unset(name) if value is None else spark.conf.set(name, value)


def likely(splink: Linker, counted: list[str], least: float) -> DataFrame:
    """Splink's pairs. The weights of the fields in `counted` include how common their values are."""
    for field in counted:
        # One after another: all in one query take Spark a minute to plan.
        splink.table_management.compute_tf_table(field)
    return splink.inference.predict(threshold_match_probability=least).as_spark_dataframe()


def register_functions(spark: SparkSession) -> None:
    """Registers comparisons of texts that Spark lacks, from the archive that Splink ships."""
    spark.sql(f"ADD JAR '{similarity_jar_location()}'")
    for name, of in FUNCTIONS.items():
        spark.udf.registerJavaFunction(name, f"uk.gov.moj.dash.linkage.{of}", "double")


def settings(kinds: list[str]) -> dict:
    """Splink's settings: fields, their levels and whom to compare."""
    return {
        "link_type": "dedupe_only",
        "sql_dialect": "spark",
        "unique_id_column_name": ID,
        "comparisons": [as_splink(field, levels) for field, levels in levels_of(kinds).items()],
        "blocking_rules_to_generate_predictions": [BLOCKING_RULE],
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": True,
    }


def linker(people: DataFrame, model: dict) -> Linker:
    """Splink over these people."""
    logging.getLogger("splink").setLevel(logging.CRITICAL)
    return Linker(
        people,
        model,
        Tables(spark_session=people.sparkSession, break_lineage_method="persist", register_udfs_automatically=False),
        set_up_basic_logging=False,
    )


class Tables(SparkAPI):
    """Holds Splink's tables in memory without their plans, which would cost Spark minutes with each use."""

    def _break_lineage_and_repartition(self, spark_df: DataFrame, templated_name: str, physical_name: str) -> DataFrame:
        return spark_df.localCheckpoint()


def reasons(model: dict, pairs: DataFrame) -> Column:
    """How they agree in each field that both people have, and its weight."""
    told = []
    for field, levels in zip(
        (each["output_column_name"] for each in model["comparisons"]), fields_of(model), strict=True
    ):
        level = F.col(f"gamma_{field}")
        words = F.coalesce(
            *(F.when(level == len(levels) - 1 - at, F.lit(each["label_for_charts"])) for at, each in enumerate(levels))
        )
        told.append(
            F.when(
                level >= 0, F.struct(words.alias("agreement"), F.round(weight(field, pairs), 2).alias("weight"))
            ).alias(field)
        )
    return F.struct(*told)
