"""Each kind of declared rule, as a table of what comes in and what comes out, with its outcome."""

import pytest
from cdp.cleaning.column_steps import Step, passes, take
from cdp.cleaning.derive import derive
from cdp.cleaning.enrich import enrich
from cdp.cleaning.fill_missing import fill_missing
from cdp.cleaning.quality import count_outcomes
from cdp.cleaning.standardize import standardize
from cdp.values.phone import normalize_phone
from lake import ROOT
from shared_rules import shared_cases

STANDARDIZE = {
    "date": [
        ("24.12.2026", "2026-12-24", "changed"),
        (" 12/24/2026 18:30", "2026-12-24T18:30:00.000Z", "changed"),
        ("soon", "soon", "failed"),
        (None, None, "missing"),
    ],
    "country": [
        *((name, "DE", "changed") for name in ("Germany", "deu")),
        ("DE", "DE", "unchanged"),
        ("U.S.A.", "US", "changed"),
        ("Côte d'Ivoire", "CI", "changed"),
        ("Atlantis", "Atlantis", "failed"),
        ("", "", "missing"),
    ],
    "currency": [
        ("usd", "USD", "changed"),
        ("€", "EUR", "changed"),
        ("EUR", "EUR", "unchanged"),
        ("Swiss Franc", "CHF", "changed"),
        *((unknown, unknown, "failed") for unknown in ("$", "shells")),
    ],
    "email": [
        (" Ann@Example.COM ", "ann@example.com", "changed"),
        ("ann@example.com", "ann@example.com", "unchanged"),
        ("ann@", "ann@", "failed"),
        (None, None, "missing"),
    ],
    "phone": [
        ("(201) 555-0123", "+12015550123", "changed"),
        ("+12015550123", "+12015550123", "unchanged"),
        ("12", "12", "failed"),
        (None, None, "missing"),
        # The source has no country, so that of the rule counts.
        ("030 123456", "+4930123456", "changed"),
    ],
}
OPTIONS = {"date": {"formats": ["dd.MM.yyyy", "MM/dd/yyyy HH:mm"]}, "phone": {"country": "DE"}}
SOURCES = ["storefront"] * 4 + ["shop"] * 3


@pytest.fixture(scope="module")
def standardized(spark) -> list:
    """A column for each kind, and its cases below each other."""
    columns = [
        [before for before, _, _ in cases] + [None] * (len(SOURCES) - len(cases)) for cases in STANDARDIZE.values()
    ]
    schema = ", ".join(["n int", "source_id string", *(f"{kind}_value string" for kind in STANDARDIZE)])
    rows = spark.createDataFrame(list(zip(range(len(SOURCES)), SOURCES, *columns, strict=True)), schema)
    rules = [{"column": f"{kind}_value", "as": kind, **OPTIONS.get(kind, {})} for kind in STANDARDIZE]
    return take(rows, standardize(rules, {"storefront": "US"})).orderBy("n").collect()


@pytest.mark.parametrize("kind", STANDARDIZE)
def test_standardize(standardized, kind):
    found = [(row[f"{kind}_value"], row[f"outcome/{kind}/{kind}_value"]) for row in standardized]
    expected = [(value, outcome) for _, value, outcome in STANDARDIZE[kind]]
    assert found[: len(expected)] == expected


@pytest.mark.parametrize(("input", "expected"), shared_cases("phones"))
def test_phone_numbers_are_read_as_the_stream_reads_them(input, expected):
    assert normalize_phone(input["text"], input["country"]) == expected


def test_missing_values(spark):
    rows = spark.createDataFrame([("", None), ("x", 2.0)], "a string, b double")
    after = take(
        rows,
        fill_missing(
            [
                {"column": "a", "action": "unknown"},
                {"column": "b", "action": "default", "value": 1.5},
                {"column": "c", "action": "drop"},
            ],
            dict(rows.dtypes),
        ),
    )
    assert sorted((row.a, row.b) for row in after.collect()) == [("unknown", 1.5), ("x", 2.0)]
    (rows, flagged), counted = count_outcomes(after.selectExpr("*", "a = 'x' AS met"), "met")
    assert (rows, flagged) == (2, 1)
    assert counted[:2] == [("missing", "a", "changed", 1), ("missing", "a", "unchanged", 1)]


DERIVE = [
    ({"kind": "sum", "of": ["a", "b"]}, (2, 3.5, None), 5.5),
    ({"kind": "sum", "of": ["a", "b"]}, (2, None, None), None),
    ({"kind": "product", "of": ["a", "b"]}, (2, 3.5, None), 7.0),
    ({"kind": "coalesce", "of": ["c", "a"]}, (2, None, None), "2"),
    ({"kind": "lower", "of": ["c"]}, (None, None, "AbC"), "abc"),
    ({"kind": "concat", "of": ["c", "a"], "separator": "-"}, (2, None, "x"), "x-2"),
    ({"kind": "bucket", "of": ["a"], "bounds": [10, 20], "labels": ["low", "mid", "high"]}, (9, None, None), "low"),
    ({"kind": "bucket", "of": ["a"], "bounds": [10, 20], "labels": ["low", "mid", "high"]}, (10, None, None), "mid"),
    ({"kind": "bucket", "of": ["a"], "bounds": [10, 20], "labels": ["low", "mid", "high"]}, (20, None, None), "high"),
    ({"kind": "bucket", "of": ["a"], "bounds": [10, 20], "labels": ["low", "mid", "high"]}, (None, None, None), None),
    ({"kind": "date_part", "of": ["c"], "part": "month"}, (None, None, "2026-05-01T10:00:00Z"), "2026-05"),
    ({"kind": "date_part", "of": ["c"], "part": "hour"}, (None, None, "2026-05-01T10:00:00Z"), "10"),
    # The day on which the job runs is not said.
    *(
        ({"kind": "date_part", "of": ["c"], "part": "day"}, (None, None, stated), None)
        for stated in ("T10:00", "10:00", " 9:30:01Z", "now", "")
    ),
    ({"kind": "date_part", "of": ["c"], "part": "weekday"}, (None, None, "2026-05-01T10:00:00Z"), "friday"),
]


@pytest.fixture(scope="module")
def derived(spark) -> list:
    """A row for each case, and a column for each case's rule."""
    rows = spark.createDataFrame(
        [(n, *given) for n, (_, given, _) in enumerate(DERIVE)], "n int, a int, b double, c string"
    )
    rules = [{"column": f"made_{n}", **rule} for n, (rule, _, _) in enumerate(DERIVE)]
    return take(rows, derive(rules)).orderBy("n").collect()


@pytest.mark.parametrize("n", range(len(DERIVE)), ids=[f"{rule['kind']}-{given}" for rule, given, _ in DERIVE])
def test_derive(derived, n):
    expected = DERIVE[n][2]
    assert derived[n][f"made_{n}"] == expected
    assert derived[n][f"outcome/derive/made_{n}"] == ("missing" if expected is None else "changed")


AGENTS = [
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, "
        "like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
        ("Mobile Safari", "17", "iOS", "17", "iPhone", "mobile"),
    ),
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, "
        "like Gecko) Chrome/126.0.0.0 Safari/537.36",
        ("Chrome", "126", "Windows", "10", None, "desktop"),
    ),
    (
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        ("Googlebot", "2", None, None, "Spider", "bot"),
    ),
    ("???", (None, None, None, None, None, None)),
    (None, (None, None, None, None, None, None)),
]


def test_user_agents(spark):
    rows = spark.createDataFrame([(n, agent) for n, (agent, _) in enumerate(AGENTS)], "n int, user_agent string")
    after = (
        take(rows, enrich(spark, {"userAgent": True}))
        .orderBy("n")
        .select("browser", "browser_version", "os", "os_version", "device", "device_kind")
    )
    assert [tuple(row) for row in after.collect()] == [told for _, told in AGENTS]


SAID_CAMPAIGN = (
    "page_url string, campaign_source string, campaign_medium string, campaign_name string, "
    "campaign_term string, campaign_content string"
)
LONG = "%41b" * 8_000
"""As long as an event may be."""
ADDRESSES = {
    "https://shop.example/?utm_source=news%20letter&utm_campaign=100%&gclid=abc#x": (
        "news letter",
        "said",
        "100%",
        None,
        "abc",
        "gclid",
    ),
    "https://shop.example/?xutm_source=no": (None, "said", None, None, None, None),
    None: (None, "said", None, None, None, None),
    f"https://shop.example/?utm_term={LONG}": (None, "said", None, "Ab" * 8_000, None, None),
    f"https://shop.example/?gclid={LONG}": (None, "said", None, None, "Ab" * 8_000, "gclid"),
}


def test_campaigns_are_read_from_addresses_of_any_length_where_the_event_does_not_say_them(spark):
    rows = spark.createDataFrame([(url, None, "said", None, None, None) for url in ADDRESSES], SAID_CAMPAIGN)
    names = ("campaign_source", "campaign_medium", "campaign_name", "campaign_term", "click_id", "click_id_kind")
    found = {
        row.page_url: tuple(row[name] for name in names)
        for row in take(rows, enrich(spark, {"campaign": True})).collect()
    }
    assert found == ADDRESSES


REFERRERS = [
    (None, "direct"),
    ("https://shop.example/cart", "internal"),
    ("https://www.shop.example/cart", "internal"),
    ("https://blog.shop.test/", "internal"),
    *(
        (f"https://{host}/search?q=x", "search")
        for host in (
            "www.google.com",
            "www.google.co.uk",
            "google.com.br",
            "GOOGLE.DE",
            "www.google.com.",
            "www.bing.com",
            "cn.bing.com",
            "duckduckgo.com",
            "www.ecosia.org",
            "search.brave.com",
            "www.qwant.com",
            "www.startpage.com",
            "yandex.ru",
            "de.search.yahoo.com",
            "search.yahoo.co.jp",
            "www.baidu.com",
            "m.baidu.com",
            "search.naver.com",
            "search.seznam.cz",
            "kagi.com",
            "images.google.com",
        )
    ),
    ("android-app://com.google.android.googlequicksearchbox/", "search"),
    *(
        (f"https://{host}/x", "email")
        for host in (
            "mail.google.com",
            "outlook.live.com",
            "mail.yahoo.com",
            "mail.proton.me",
            "e.mail.ru",
            "mail.zoho.com",
        )
    ),
    ("android-app://com.google.android.gm/", "email"),
    ("android-app://com.google.android.gm", "email"),
    *(
        (f"https://{host}/", "social")
        for host in (
            "l.facebook.com",
            "lm.facebook.com",
            "de-de.facebook.com",
            "t.co",
            "x.com",
            "www.linkedin.com",
            "lnkd.in",
            "old.reddit.com",
            "l.instagram.com",
            "out.pinterest.com",
            "www.tiktok.com",
            "www.threads.net",
            "bsky.app",
            "youtu.be",
            "m.youtube.com",
            "web.whatsapp.com",
            "news.ycombinator.com",
        )
    ),
    *(
        (f"https://{host}/", "ai_assistant")
        for host in (
            "chatgpt.com",
            "chat.openai.com",
            "www.perplexity.ai",
            "gemini.google.com",
            "copilot.microsoft.com",
            "claude.ai",
            "chat.deepseek.com",
        )
    ),
    ("https://googleads.g.doubleclick.net/pagead", "paid"),
    *(
        (f"https://{host}/", "other")
        for host in (
            "accounts.google.com",
            "docs.google.com",
            "drive.google.com",
            "sites.google.com",
            "news.bing.example",
            "bing.shop.example",
            "google.shop.example",
            "google.com.evil.example",
            "notgoogle.example",
            "mail.shop.example",
            "outlook.example",
            "facebook.example",
            "x.example",
            "t.example",
            "xfacebook.com",
            "finance.yahoo.com",
            "www.amazon.com",
            "localhost",
            "10.0.0.1",
        )
    ),
    *(
        (f"https://{host}/", "search")
        for host in ("www.google.com:443", "start.duckduckgo.com", "yandex.com.tr", "edgeservices.bing.com")
    ),
    *(
        (f"https://{host}/", "ai_assistant")
        for host in ("doubao.com", "m365.cloud.microsoft", "copilot.cloud.microsoft")
    ),
    ("\u00a0https://www.google.com/ ", "search"),
    # Read the other way round, an app may be below any host.
    *(
        (f"android-app://{app}/x", "other")
        for app in ("com.evil.t.co", "com.google.android.gm.evil", "android.www.facebook.com")
    ),
    *(
        (f"https://{host}/", "internal")
        for host in (
            "bücher.example",
            "xn--bcher-kva.example",
            "WWW.XN--BCHER-KVA.example.",
            "own.example:8443",
            "m.own.example",
            "shop.example:8080",
        )
    ),
    ("https://evil-own.example/", "other"),
    ("no address", "other"),
    ("https://", "other"),
]


def test_referrers(spark):
    rows = spark.createDataFrame(
        [(n, "https://shop.example/a", referrer) for n, (referrer, _) in enumerate(REFERRERS)],
        "n int, page_url string, page_referrer string",
    )
    after = take(
        rows,
        enrich(
            spark,
            {"referrer": {"internal": ["www.Shop.test", "Bücher.example", "https://www.own.example:443/shop", " "]}},
        ),
    ).orderBy("n")
    assert [row.referrer_kind for row in after.collect()] == [kind for _, kind in REFERRERS]


def test_countries_of_addresses(spark):
    rows = spark.createDataFrame(
        [("203.0.113.9",), ("192.0.2.1",), ("nonsense",), ("203.0.113.9\0",), (None,)], "ip string"
    )
    after = take(rows, enrich(spark, {"country": {"database": str(ROOT / "test/fixtures/countries.mmdb")}}))
    assert sorted((str(row.ip), row.ip_country, row["outcome/enrich/ip"]) for row in after.collect()) == [
        ("192.0.2.1", None, "failed"),
        ("203.0.113.9", "DE", "changed"),
        ("203.0.113.9\0", None, "failed"),
        ("None", None, "missing"),
        ("nonsense", None, "failed"),
    ]


def test_steps_that_touch_nothing_that_others_make_are_one_pass(spark):
    email, phone = Step(("email",), {"email": "lower(email)"}), Step(("phone", "source_id"), {"phone": "trim(phone)"})
    later = Step(("EMAIL",), {"domain": "split(email, '@')[1]"})
    assert list(passes([email, phone, later, phone])) == [[email, phone], [later, phone]]
    rows = spark.createDataFrame([("Ann@Example.COM", " 1 ", "shop")], "email string, phone string, source_id string")
    assert tuple(take(rows, [email, phone, later]).first()) == ("ann@example.com", "1", "shop", "example.com")
