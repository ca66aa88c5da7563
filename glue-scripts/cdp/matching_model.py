"""Learns from the people themselves how much each agreement says, and scores pairs of people by it: the model of Fellegi and Sunter, by Splink on Spark."""

import logging
from math import comb

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from splink import Linker, SparkAPI
from splink.backends.spark import similarity_jar_location
from splink.internals.exceptions import EMTrainingException

from cdp.matching_blocks import keys_of, same_key, sure_rules, training_rules, with_keys
from cdp.matching_fields import as_splink, levels_of
from cdp.matching_households import tempered, weight
from cdp.matching_shares import fields_of, seen_among_strangers, settled

ID = "profile_id"
SAMPLE = 700
"""People of whom all pairs are looked at to learn how often strangers agree: 244,650 pairs."""
SEED = 7
LOOKED_AT = 0.01
"""Pairs of so much probability are looked at to see how many strangers live together."""
FOUND_BY_RULES = 0.8
"""The share of pairs that rules without a model are thought to find."""
PATTERNS = "__splink__agreement_pattern_counts"
FUNCTIONS = {"jaro_winkler": "JaroWinklerSimilarity", "damerau_levenshtein": "LevDamerauDistance"}


class Untrainable(Exception):
    """Nothing can be learnt from these people; the message says why."""


def scored(facts: DataFrame, kinds: list[str], least: float) -> DataFrame:
    """Pairs of people whose probability of being one is at least so much: `profile_id`, `other_profile_id`, `score` and `why` (JSON). Raises Untrainable."""
    register_functions(facts.sparkSession)
    people = with_keys(facts.select(ID, *kinds), kinds).persist()
    model = learnt(people, kinds, settings(kinds))
    found = linker(people, model).inference.predict(threshold_match_probability=min(least, LOOKED_AT)).as_spark_dataframe().persist()
    told = tempered(found, comb(people.count(), 2)).withColumns({"score": F.round("score", 6), "why": F.to_json(reasons(model, found))})
    return told.where(F.col("score") >= least).select(F.col(f"{ID}_l").alias(ID), F.col(f"{ID}_r").alias(f"other_{ID}"), "score", "why")


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
        "blocking_rules_to_generate_predictions": [{"blocking_rule": same_key(key), "sql_dialect": "spark"} for key in keys_of(kinds)],
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": True,
        "em_convergence": 0.005,
        "max_iterations": 8,
    }


def linker(people: DataFrame, model: dict) -> Linker:
    """Splink over these people."""
    logging.getLogger("splink").setLevel(logging.CRITICAL)
    return Linker(people, model, Tables(people.sparkSession), set_up_basic_logging=False)


class Tables(SparkAPI):
    """Splink's way to Spark, which keeps results instead of writing them to a directory. The functions are registered already."""

    def __init__(self, spark: SparkSession) -> None:
        super().__init__(spark_session=spark, break_lineage_method="persist", register_udfs_automatically=False)

    def _break_lineage_and_repartition(self, spark_df: DataFrame, templated_name: str, physical_name: str) -> DataFrame:
        if templated_name != PATTERNS:
            return super()._break_lineage_and_repartition(spark_df, templated_name, physical_name)
        # Every step of learning reads this small table once for each field: as rows in hand it takes a tenth of the time.
        return self.spark.createDataFrame(spark_df.collect(), spark_df.schema).coalesce(1)


def learnt(people: DataFrame, kinds: list[str], assumed: dict) -> dict:
    """The settings with how often records of one person agree in each way, and how often those of two. Raises Untrainable."""
    some = people.orderBy(F.xxhash64(F.lit(SEED), ID), ID).limit(SAMPLE)
    model = linker(people, seen_among_strangers(assumed, agreements(some, assumed)))
    model.training.estimate_probability_two_random_records_match(sure_rules(kinds), recall=FOUND_BY_RULES)
    learn_from(model, training_rules(kinds))
    return settled(model.misc.save_model_to_json(), assumed, people.count())


def agreements(some: DataFrame, model: dict) -> list[dict[int, int]]:
    """Of each field how many pairs of these people agree at each level; in one pass, where Splink would take one for each field."""
    some = some.coalesce(1).persist()
    left, right = (some.select(*(F.col(name).alias(f"{name}_{side}") for name in some.columns)) for side in "lr")
    fields = [level_of(field).alias(field["output_column_name"]) for field in model["comparisons"]]
    patterns = left.crossJoin(right).where(f"{ID}_l < {ID}_r").select(*fields).groupBy(*(field["output_column_name"] for field in model["comparisons"])).count().collect()
    counts: list[dict[int, int]] = [{} for _ in fields]
    for row in patterns:
        for found, level in zip(counts, row[:-1], strict=True):
            found[level] = found.get(level, 0) + row["count"]
    return counts


def level_of(field: dict) -> Column:
    """The place of the first level that holds: 0 when a fact is missing, 1 for the same."""
    conditions = [level["sql_condition"] for level in field["comparison_levels"][:-1]]
    return F.coalesce(*(F.when(F.expr(sql), at) for at, sql in enumerate(conditions)), F.lit(len(conditions)))


def learn_from(model: Linker, rules: list[str]) -> None:
    """Learns by each rule that finds pairs at all."""
    learning = [rule for rule in rules if learns(model, rule)]
    if not learning:
        raise Untrainable(f"no two people agree in what they could be found by: {'; '.join(rules)}")


def learns(model: Linker, rule: str) -> bool:
    try:
        model.training.estimate_parameters_using_expectation_maximisation(rule, estimate_without_term_frequencies=True)
    except EMTrainingException:
        return False
    return True


def reasons(model: dict, pairs: DataFrame) -> Column:
    """Of each field that both people have how they agree, and its weight."""
    told = []
    for field, levels in zip((each["output_column_name"] for each in model["comparisons"]), fields_of(model), strict=True):
        level = F.col(f"gamma_{field}")
        words = F.coalesce(*(F.when(level == len(levels) - 1 - at, F.lit(each["label_for_charts"])) for at, each in enumerate(levels)))
        told.append(F.when(level >= 0, F.struct(words.alias("agreement"), F.round(weight(field, pairs), 2).alias("weight"))).alias(field))
    return F.struct(*told)
