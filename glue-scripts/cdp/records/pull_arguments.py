"""The arguments of jobs that read a source, and hand what they read to the records."""

import argparse


def pull_arguments(given: list[str], secret: str) -> argparse.Namespace:
    """Glue adds arguments of its own, which are ignored and never count as short for these. `secret` is a help text."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--database", required=True, help="database of the catalog `lake`")
    parser.add_argument("--lake", required=True, help="bucket of the lake, s3://…")
    parser.add_argument("--config", required=True, help="file with the source, JSON")
    parser.add_argument("--secret", required=True, help=secret)
    for wish, help_ in (
        ("--accept-shrink", "also takes a list or a table that lacks many rows"),
        ("--everything", "reads everything now, whatever is due"),
    ):
        parser.add_argument(wish, choices=("yes", "no"), default="no", help=help_)
    return parser.parse_known_args(given)[0]
