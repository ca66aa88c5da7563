"""Each mart of a small shop: what happened, as a table, and what the mart says of it."""

import json
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from cdp.marts.days import of_days
from cdp.marts.event_rows import MONEY
from cdp.marts.funnels import Funnel
from cdp.marts.revenue import revenue
from cdp.marts.rfm import SEGMENTS, purchases, rfm
from cdp.marts.settings import Settings
from cdp.marts.state import around
from jobs import marts
from marts_lake import MartsLake, happened, profiles_of
from marts_oracle import named
from pyspark.sql import functions as F


def at(day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2026, 5, day, hour, minute)


ANN = [
    happened(
        "a1",
        "ann",
        at(1),
        page_path="/",
        page_url="https://shop.example/",
        campaign_source="newsletter",
        campaign_medium="email",
        campaign_name="may",
        referrer_kind="direct",
        device_kind="mobile",
    ),
    happened("a2", "ann", at(1, 10, 29), "Product Viewed", page_path="/lamp", category="lamps"),
    happened("a3", "ann", at(1, 10, 59), "Product Added", page_path="/cart"),
    happened(
        "a4",
        "ann",
        at(3),
        page_path="/",
        referrer_kind="search",
        page_referrer="https://www.google.com/",
        device_kind="desktop",
    ),
    happened("a5", "ann", at(3, 10, 1), "Checkout Started", page_path="/checkout", category="tables"),
    happened(
        "a6",
        "ann",
        at(3, 10, 2),
        "Order Completed",
        revenue=Decimal("10.0001"),
        total=Decimal(12),
        currency="EUR",
        category="lamps",
    ),
    happened("a7", "ann", at(5), "Order Completed", total=Decimal("30"), currency="EUR"),
    happened("a8", "ann", at(5, 11), "Order Completed", revenue=Decimal("0.5"), currency="EUR"),
    happened("a9", "ann", at(6), "Order Refunded", total=Decimal("30"), currency="EUR"),
]
BEN = [
    happened("b1", "ben", at(3, 23, 50), "Order Completed", revenue=Decimal(7)),
    happened("b2", "ben", at(4, 0, 10), "Product Viewed"),
    happened("b3", "ben", at(4, 0, 11), page_path="/robots.txt", device_kind="bot"),
]


@pytest.fixture(scope="module")
def shop(spark):
    lake = MartsLake(spark, "shop")
    events = [*ANN, *BEN]
    lake.hold(events, profiles_of(events, {"ann": ["big", "mail"]}))
    lake.run()
    return lake


def told(lake, mart: str, *columns: str) -> list[tuple]:
    return sorted((tuple(row[column] for column in columns) for row in lake.rows(mart)), key=repr)


def test_sessions(shop):
    columns = (
        "profile_id",
        "started_at",
        "ended_at",
        "events",
        "pages",
        "entry_page",
        "exit_page",
        "campaign_source",
        "referrer_kind",
        "device_kind",
        "orders",
        "revenue",
    )
    assert sorted(told(shop, "sessions", *columns)) == [
        ("ann", at(1), at(1, 10, 29), 2, 1, "/", "/lamp", "newsletter", "direct", "mobile", 0, 0),
        ("ann", at(1, 10, 59), at(1, 10, 59), 1, 0, "/cart", "/cart", None, None, None, 0, 0),
        ("ann", at(3), at(3, 10, 2), 3, 1, "/", "/checkout", None, "search", "desktop", 1, Decimal("10.0001")),
        ("ann", at(5), at(5), 1, 0, None, None, None, None, None, 1, 30),
        ("ann", at(5, 11), at(5, 11), 1, 0, None, None, None, None, None, 1, Decimal("0.5")),
        ("ann", at(6), at(6), 1, 0, None, None, None, None, None, 0, 0),
        ("ben", at(3, 23, 50), at(4, 0, 10), 2, 0, None, None, None, None, None, 1, 7),
    ]


def test_daily_activity(shop):
    assert told(
        shop,
        "daily_activity",
        "day",
        "active_profiles",
        "new_profiles",
        "events",
        "tracks",
        "pages",
        "sessions",
        "orders",
        "revenue",
    ) == [
        (date(2026, 5, 1), 1, 1, 3, 2, 1, 2, 0, []),
        (date(2026, 5, 3), 2, 1, 4, 3, 1, 2, 2, [("", 7), ("EUR", Decimal("10.0001"))]),
        (date(2026, 5, 4), 1, 0, 2, 1, 1, 0, 0, []),
        (date(2026, 5, 5), 1, 0, 2, 2, 0, 2, 2, [("EUR", Decimal("30.5"))]),
        (date(2026, 5, 6), 1, 0, 1, 1, 0, 1, 0, []),
    ]


def test_rfm(shop):
    columns = (
        "profile_id",
        "frequency",
        "recency",
        "t",
        "monetary_value",
        "orders",
        "revenue",
        "currency",
        "r_score",
        "f_score",
        "m_score",
        "segment",
    )
    assert told(shop, "rfm", *columns) == [
        ("ann", 1, 2, 2, Decimal("30.5"), 3, Decimal("40.5001"), "EUR", 5, 5, 1, "potential_loyalists"),
        ("ben", 0, 0, 2, 0, 1, 7, "", 1, 1, 1, "lost"),
    ]


def test_revenue(shop):
    columns = (
        "day",
        "currency",
        "orders",
        "revenue",
        "refunds",
        "refunded",
        "average_order_value",
        "new_customers",
        "returning_customers",
    )
    assert told(shop, "revenue", *columns) == [
        (date(2026, 5, 3), "", 1, 7, 0, 0, 7, 1, 0),
        (date(2026, 5, 3), "EUR", 1, Decimal("10.0001"), 0, 0, Decimal("10.0001"), 1, 0),
        (date(2026, 5, 5), "EUR", 2, Decimal("30.5"), 0, 0, Decimal("15.25"), 0, 1),
        (date(2026, 5, 6), "EUR", 0, 0, 1, 30, None, 0, 0),
    ]


def test_funnels(shop):
    assert told(shop, "funnels", "funnel", "day", "step", "event", "profiles") == [
        ("purchase", day, step, event, people)
        for day, reached in ((date(2026, 5, 1), (1, 1, 1, 1)), (date(2026, 5, 4), (1, 0, 0, 0)))
        for step, (event, people) in enumerate(
            zip(("Product Viewed", "Product Added", "Checkout Started", "Order Completed"), reached, strict=True), 1
        )
    ]


def test_attribution(shop):
    columns = ("message_id", "model", "position", "touches", "source", "medium", "campaign", "credit")
    mail, google = ("newsletter", "email", "may"), ("www.google.com", "search", None)
    assert told(shop, "attribution", *columns) == sorted(
        [
            *(
                row
                for order, paid, half in (
                    ("a6", "10.0001", ("5.0000", "5.0001")),
                    ("a7", "30.0000", ("15.0000", "15.0000")),
                    ("a8", "0.5000", ("0.2500", "0.2500")),
                )
                for row in (
                    (order, "first", 1, 2, *mail, Decimal(paid)),
                    (order, "last", 2, 2, *google, Decimal(paid)),
                    (order, "linear", 1, 2, *mail, Decimal(half[0])),
                    (order, "linear", 2, 2, *google, Decimal(half[1])),
                )
            ),
            *(("b1", model, 1, 0, "direct", None, None, Decimal("7.0000")) for model in ("first", "last", "linear")),
        ],
        key=repr,
    )


def test_customer_360(shop):
    columns = (
        "profile_id",
        "email",
        "event_count",
        "segments",
        "sessions",
        "orders",
        "revenue",
        "currency",
        "favourite_category",
        "first_touch_source",
        "last_touch_source",
        "rfm_segment",
    )
    assert told(shop, "customer_360", *columns) == [
        (
            "ann",
            "ann@example.com",
            9,
            ["big", "mail"],
            6,
            3,
            Decimal("40.5001"),
            "EUR",
            "lamps",
            "newsletter",
            "www.google.com",
            "potential_loyalists",
        ),
        ("ben", "ben@example.com", 3, [], 1, 1, 7, "", None, "direct", "direct", "lost"),
    ]


def test_people_enter_and_leave_segments_when_the_lakes_data_say_so(spark):
    lake = MartsLake(spark, "membership")
    first, second, third = (at(day) + timedelta(seconds=1) for day in (1, 2, 3))
    for day, segments in ((1, {"ann": ["big"]}), (2, {"ann": ["mail"], "ben": ["big"]}), (3, {"ann": ["big", "mail"]})):
        events = [happened(f"{person}{n}", person, at(n)) for n in range(1, day + 1) for person in ("ann", "ben")]
        lake.hold(events, profiles_of(events, segments))
        lake.run("--only", "segment_membership")
    assert told(lake, "segment_membership", "profile_id", "segment", "entered_at", "exited_at") == [
        ("ann", "big", first, second),
        ("ann", "big", third, None),
        ("ann", "mail", second, None),
        ("ben", "big", second, third),
    ]


def test_every_pair_of_scores_has_one_segment():
    grid = [(r, rest) for r in range(1, 6) for rest in range(1, 6)]
    found = {
        pair: [name for name, (r1, r2), (f1, f2) in SEGMENTS if r1 <= pair[0] <= r2 and f1 <= pair[1] <= f2]
        for pair in grid
    }
    assert found == {pair: [named(*pair)] for pair in grid}


@pytest.mark.parametrize(
    "given", [["--only", "session"], ["--session-minutes", "0"], ["--funnels", "[]"], ["--until", "yesterday"]]
)
def test_arguments_that_mean_nothing_are_refused(given, capsys):
    with pytest.raises(SystemExit):
        marts.arguments(["--database", "d", *given])
    assert given[0] in capsys.readouterr().err


TRIAL = {
    "sessionMinutes": 45,
    "lookbackDays": 7,
    "funnels": [{"name": "trial", "steps": ["Signed Up", "Paid"], "days": 14}],
}


@pytest.mark.parametrize(
    ("configured", "told", "expected"),
    [
        (None, [], Settings()),
        ({"enrich": {}}, [], Settings()),
        ({"marts": TRIAL}, [], Settings(45, 7, None, (Funnel("trial", ("Signed Up", "Paid"), 14),))),
        (
            {"marts": TRIAL},
            ["--session-minutes", "20", "--until", "2026-05-01"],
            Settings(20, 7, date(2026, 5, 1), (Funnel("trial", ("Signed Up", "Paid"), 14),)),
        ),
        (
            {"marts": TRIAL},
            ["--funnels", '[{"name": "f", "steps": ["a"], "days": 1}]'],
            Settings(45, 7, None, (Funnel("f", ("a",), 1),)),
        ),
    ],
)
def test_marts_are_made_as_a_run_is_told_or_else_as_it_is_configured(configured, told, expected, tmp_path):
    file = tmp_path / "config.json"
    file.write_text(json.dumps(configured))
    config = [] if configured is None else ["--config", str(file)]
    assert marts.settings(marts.arguments(["--database", "d", *config, *told])) == expected


DAYS = [
    ({date(2026, 5, 1)}, 1, 2, {date(2026, 4, 30), date(2026, 5, 1), date(2026, 5, 2), date(2026, 5, 3)}),
    ({date(1, 1, 1)}, 7, 1, {date(1, 1, 1), date(1, 1, 2)}),
    ({date(9999, 12, 31)}, 0, 7, {date(9999, 12, 31)}),
]


@pytest.mark.parametrize(("days", "before", "after", "expected"), DAYS)
def test_around_a_day_are_those_that_the_calendar_has(days, before, after, expected):
    assert around(frozenset(days), before, after) == expected


def paid(spark, *orders: tuple[str, str, int]):
    """Facts of orders: whose, on which day, and how much."""
    rows = [(f"m{n}", *order, "USD", "track", "Order Completed") for n, order in enumerate(orders)]
    event_rows = spark.createDataFrame(
        rows,
        "event_id string, profile_id string, day string, amount bigint, currency string, type string, event string",
    )
    return event_rows.withColumns({"day": F.to_date("day"), "amount": F.col("amount").cast(MONEY)})


LARGE = 60_000_000_000_000


def test_of_days_are_those_of_any_year(spark):
    event_rows = paid(
        spark, ("ann", "0001-01-01", 1), ("ann", "0026-05-01", 2), ("ann", "2026-05-01", 3), ("ann", "9999-12-31", 4)
    )
    days = {row.day for row in event_rows.select("day").collect()} - {date(2026, 5, 1)}
    assert sorted(row.amount for row in of_days(event_rows, frozenset(days)).collect()) == [1, 2, 4]


def test_sums_hold_the_largest_amounts(spark):
    event_rows = paid(spark, ("ann", "2026-05-01", LARGE), ("ann", "2026-05-01", LARGE), ("ben", "2026-05-01", 1))
    first = event_rows.groupBy("profile_id").agg(F.min("day").alias("first_order_day"))
    assert [row.revenue for row in revenue(event_rows, first).collect()] == [2 * LARGE + 1]
    assert {row.profile_id: row.revenue for row in purchases(event_rows, None).collect()} == {
        "ann": 2 * LARGE,
        "ben": 1,
    }


TO_THE_END = (date(9999, 12, 31) - date(2026, 5, 1)).days
RECEIVED = [
    (None, None, [("ann", "9999-12-31", TO_THE_END), ("ben", "9999-12-31", TO_THE_END - 1)]),
    (None, date(2026, 5, 3), [("ann", "2026-05-03", 2), ("ben", "2026-05-03", 1)]),
    (date(2026, 5, 1), date(2026, 5, 3), [("ann", "2026-05-01", 0)]),
]


@pytest.mark.parametrize(("until", "received", "expected"), RECEIVED)
def test_an_order_that_says_a_day_to_come_does_not_end_the_observation(spark, until, received, expected):
    orders = paid(spark, ("ann", "2026-05-01", 1), ("ben", "2026-05-02", 1), ("ben", "9999-12-31", 1))
    made = (
        rfm(purchases(orders, until), until, received)
        .select("profile_id", F.col("observed_until").cast("string"), "t")
        .orderBy("profile_id")
    )
    assert [tuple(row) for row in made.collect()] == expected
