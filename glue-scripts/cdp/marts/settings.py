"""Settings of the marts."""

import json
from dataclasses import asdict, dataclass
from datetime import date

from cdp.marts.funnels import PURCHASE, Funnel


@dataclass(frozen=True)
class Settings:
    """Settings of the marts.

    When they change, all marts are made again. RFM's observation ends `until`, or with the last order.
    """

    session_minutes: int = 30
    lookback_days: int = 30
    until: date | None = None
    funnels: tuple[Funnel, ...] = (PURCHASE,)

    def text(self) -> str:
        return json.dumps(asdict(self), sort_keys=True, default=str)
