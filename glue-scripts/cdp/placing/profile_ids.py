"""Gives each person an id: one by which they are known, or one of their own."""

from functools import reduce

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from cdp.identity.collection import USERS


def with_profile_ids(identifiers: DataFrame, people: DataFrame, named: DataFrame) -> DataFrame:
    """`person` and `profile_id`: an id by which most of the person's identifiers are known.

    If two people claim one id, the one with more of its identifiers gets it, and the other the next that they claim, or
    else a new id. Given to all identifiers, these ids lead to the same ids again.
    """
    votes = identifiers.join(named, ["collection", "identifier"]).groupBy("person", "profile_id").count()
    known = votes.localCheckpoint()
    nothing = known.select("person", F.lit(None).cast("string").alias("profile_id"))
    found = given(known).unionByName(nothing).groupBy("person").agg(F.max("profile_id").alias("profile_id"))
    claimed = found.withColumnRenamed("person", "claimant")
    born = people.groupBy("collection", "person").agg(F.min("received_at").alias("born"))
    hours = F.lpad(F.lower(F.hex(F.unix_millis("born"))), 12, "0")
    has_lost = F.col("claimant").isNotNull() & F.col("profile_id").isNull()
    # The id of their own may be the very one that they lost.
    name = F.concat("person", F.when(has_lost, F.lit(" again")).otherwise(F.lit("")))
    kind = F.when(F.col("collection") == USERS, "per_").otherwise("acc_")
    own = F.concat(kind, hours, F.substring(F.sha2(name, 256), 1, 20))
    return born.join(claimed, F.col("person") == F.col("claimant"), "left").select(
        "person", F.coalesce("profile_id", own).alias("profile_id")
    )


def given(votes: DataFrame) -> DataFrame:
    """Who gets which id by votes (`person`, `profile_id`, `count`): the claim of most votes is met first, and so on.

    Nobody gets two ids, and no id is given twice. A round meets every claim that is the first of its person and of its
    id; those who are left without an id claim the next in another one.
    """
    claims, found = votes, []
    while not found or not claims.isEmpty():
        of_person, of_id = Window.partitionBy("person"), Window.partitionBy("profile_id")
        is_met = (F.col("place") == 1) & (F.row_number().over(of_id.orderBy(F.desc("count"), "person")) == 1)
        placed = claims.withColumn("place", F.row_number().over(of_person.orderBy(F.desc("count"), "profile_id")))
        judged = placed.withColumn("is_met", is_met).withColumn("is_given", F.max("is_met").over(of_id))
        judged = judged.withColumn("has_one", F.max("is_met").over(of_person)).localCheckpoint()
        found.append(judged.where("is_met").select("person", "profile_id"))
        claims = judged.where("NOT is_given AND NOT has_one").select(*votes.columns)
    return reduce(DataFrame.unionByName, found)
