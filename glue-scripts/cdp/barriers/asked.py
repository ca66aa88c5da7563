"""Asks the list of barriers in the lake, and makes the hashes by which it names identifiers."""

import hmac
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
from pyspark.sql import SparkSession

from cdp.barriers.barrier_list import NO_BARRIERS, Barrier, BarrierList, BarriersUnreadable, read_barrier_list
from cdp.barriers.keyed_hash import short_hash
from cdp.spark.files import read_bytes

FILE = "barriers/current"
"""The list in the lake's bucket (`lambdas/core/contract/storage.ts`)."""
START = datetime(1970, 1, 1, tzinfo=UTC)
Client = Callable[[str], object]
"""Makes the AWS client of a service: `boto3.client`."""


@dataclass(frozen=True)
class Barriers:
    """The list, the secret of identifiers, which is empty where nobody has a barrier, and a name of both."""

    listed: BarrierList = NO_BARRIERS
    secret: bytes = field(default=b"", repr=False)
    name: str = ""

    def __bool__(self) -> bool:
        return len(self.listed) > 0

    def erasures(self) -> "Barriers":
        """Of those who are erased alone: who is only suppressed may be let in again."""
        return Barriers(self.listed.erasures(), self.secret)

    @property
    def newest_erasure(self) -> datetime | None:
        """The latest time up to which anybody is erased."""
        untils = self.listed.erasures().untils
        return START + timedelta(milliseconds=int(untils.max())) if len(untils) else None

    def of(self, identifier: str) -> Barrier | None:
        return self.listed.barrier(short_hash(identifier, self.secret))

    def are_of(self, identifiers: Sequence[str]) -> np.ndarray:
        """For each of many identifiers, whether it has a barrier."""
        return self.listed.has(np.array([short_hash(one, self.secret) for one in identifiers], np.uint64))


def add_option(parser: ArgumentParser) -> None:
    parser.add_argument("--identifier-key", help="ARN of the secret by which the list of barriers names identifiers")


def ask(spark: SparkSession, args: Namespace, client: Client) -> Barriers:
    """The barriers of now. Without a list nobody has one, and the secret is not read then.

    Raises whatever keeps it from reading them: no event may pass then.
    """
    content = read_bytes(spark, f"{args.lake}/{FILE}")
    listed = NO_BARRIERS if content is None else read_barrier_list(content)
    if len(listed) == 0:
        return Barriers()
    if args.identifier_key is None:
        raise BarriersUnreadable("somebody has a barrier, and --identifier-key does not say which secret names whom")
    secret = client("secretsmanager").get_secret_value(SecretId=args.identifier_key)["SecretString"]
    return Barriers(listed, secret.encode(), hmac.digest(secret.encode(), content, "sha256").hex())
