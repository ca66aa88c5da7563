"""Which tables of the Glue catalog a caller may see."""

from ministack.core.responses import get_account_id, get_region

from emulator.iam.credentials import Credentials


def may_see(caller: Credentials, database: str, table: str) -> bool:
    """Glue asks IAM about the catalog, the database and the table itself."""
    arn = f"arn:aws:glue:{get_region()}:{get_account_id()}"
    return caller.allow(
        "glue:GetTable", f"{arn}:catalog", f"{arn}:database/{database}", f"{arn}:table/{database}/{table}"
    )
