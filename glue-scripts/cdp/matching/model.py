"""Learns from the people themselves how much each agreement says, and scores pairs of people by it: the model of Fellegi and Sunter, by Splink on Spark."""

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
"""Pairs of so much probability are looked at to see how many strangers live together."""
OPTIMIZER = "org.apache.spark.sql.catalyst.optimizer"
PLANNING = {"spark.sql.constraintPropagation.enabled": "false", "spark.sql.optimizer.excludedRules": f"{OPTIMIZER}.CollapseProject,{OPTIMIZER}.PushDownPredicates"}
"""Splink's queries name a field's level many times in its weight, and all weights in their sum: put into each other they take Spark minutes to plan."""
FUNCTIONS = {"jaro_winkler": "JaroWinklerSimilarity", "damerau_levenshtein": "LevDamerauDistance"}


def scored(values: DataFrame, kinds: list[str], least: float) -> DataFrame:
    """Pairs of people whose probability of being one is at least so much: `profile_id`, `other_profile_id`, `score` and `why` (JSON). Raises Untrainable."""
    register_functions(values.sparkSession)
    with planned_simply(values.sparkSession):
        people = with_keys(values.select(ID, *kinds), kinds, ID).localCheckpoint()
        model = learnt(people, kinds, settings(kinds), ID)
        found = likely(linker(people, model), [kind for kind in kinds if kind in COMMON_VALUES], min(least, LOOKED_AT))
        told = tempered(found, comb(people.count(), 2)).withColumns({"score": F.round("score", 6), "why": F.to_json(reasons(model, found))})
        return told.where(F.col("score") >= least).select(F.col(f"{ID}_l").alias(ID), F.col(f"{ID}_r").alias(f"other_{ID}"), "score", "why").localCheckpoint()


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
    """Splink's pairs; how common each value of the fields in `counted` is comes into their weights."""
    for field in counted:
        # One after the other: all in one query take Spark a minute to plan.
        splink.table_management.compute_tf_table(field)
    return splink.inference.predict(threshold_match_probability=least).as_spark_dataframe()


def register_functions(spark: SparkSession) -> None:
    """Comparisons of texts that Spark lacks, from the archive that Splink brings."""
    spark.sql(f"ADD JAR '{similarity_jar_location()}'")
    for name, of in FUNCTIONS.items():
        spark.udf.registerJavaFunction(name, f"uk.gov.moj.dash.linkage.{of}", "double")


def settings(kinds: list[str]) -> dict:
    """What Splink is told: fields, their levels and who is compared."""
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
    return Linker(people, model, Tables(spark_session=people.sparkSession, break_lineage_method="persist", register_udfs_automatically=False), set_up_basic_logging=False)


class Tables(SparkAPI):
    """Splink's tables in Spark's memory, without how they came to be: Spark would plan all of it anew for each that is made of them, which takes minutes."""

    def _break_lineage_and_repartition(self, spark_df: DataFrame, templated_name: str, physical_name: str) -> DataFrame:
        return spark_df.localCheckpoint()


def reasons(model: dict, pairs: DataFrame) -> Column:
    """Of each field that both people have how they agree, and its weight."""
    told = []
    for field, levels in zip((each["output_column_name"] for each in model["comparisons"]), fields_of(model), strict=True):
        level = F.col(f"gamma_{field}")
        words = F.coalesce(*(F.when(level == len(levels) - 1 - at, F.lit(each["label_for_charts"])) for at, each in enumerate(levels)))
        told.append(F.when(level >= 0, F.struct(words.alias("agreement"), F.round(weight(field, pairs), 2).alias("weight"))).alias(field))
    return F.struct(*told)
