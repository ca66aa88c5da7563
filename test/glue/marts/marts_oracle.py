"""The marts again in plain Python, over lists of events, slow and obvious."""

import hashlib
from collections import Counter, defaultdict
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from urllib.parse import urlsplit

STEPS = ("Product Viewed", "Product Added", "Checkout Started", "Order Completed")
CAMPAIGN = ("campaign_source", "campaign_medium", "campaign_name", "click_id_kind")


def amount(event):
    return next((event[name] for name in ("revenue", "total") if event[name] is not None), Decimal(0))


def is_order(event):
    return event["type"] == "track" and event["event"] == "Order Completed"


def by(rows, *keys):
    groups = defaultdict(list)
    for row in rows:
        groups[tuple(row[key] for key in keys)].append(row)
    return groups


def moment(event):
    return event["timestamp"], event["message_id"]


def main_currency(orders):
    counts = Counter(event["currency"] or "" for event in orders)
    return min(counts, key=lambda currency: (-counts[currency], currency))


def rounded(numerator, denominator, digits):
    return (Decimal(numerator) / denominator).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def sessions(events, minutes):
    made = []
    for (profile,), own in by([event for event in events if event["device_kind"] != "bot"], "profile_id").items():
        visits = []
        for event in sorted(own, key=moment):
            if not visits or event["timestamp"] - visits[-1][-1]["timestamp"] >= timedelta(minutes=minutes):
                visits.append([])
            visits[-1].append(event)
        made += [session(profile, visit) for visit in visits]
    return made


def session(profile, visit):
    def page(event):
        return (
            event["page_path"] or event["page_url"] or (event["name"] if event["type"] in ("page", "screen") else None)
        )

    paged = [page(event) for event in visit if page(event)]
    campaign = next((event for event in visit if any(event[name] for name in CAMPAIGN)), dict.fromkeys(CAMPAIGN))
    referred = next(
        (event for event in visit if event["referrer_kind"]), {"referrer_kind": None, "page_referrer": None}
    )
    orders = [event for event in visit if is_order(event)]
    currency = (orders[0]["currency"] or "") if orders else None
    return {
        "session_id": hashlib.sha256(f"{profile}|{visit[0]['message_id']}".encode()).hexdigest(),
        "profile_id": profile,
        "started_at": visit[0]["timestamp"],
        "ended_at": visit[-1]["timestamp"],
        "events": len(visit),
        "pages": sum(event["type"] in ("page", "screen") for event in visit),
        "entry_page": paged[0] if paged else None,
        "exit_page": paged[-1] if paged else None,
        **{name: campaign[name] for name in CAMPAIGN},
        "referrer_kind": referred["referrer_kind"],
        "page_referrer": referred["page_referrer"],
        "device_kind": next((event["device_kind"] for event in visit if event["device_kind"]), None),
        "orders": len(orders),
        "currency": currency,
        "revenue": sum((amount(event) for event in orders if (event["currency"] or "") == currency), Decimal(0)),
    }


def daily_activity(events, visits):
    first = {
        profile: min(event["timestamp"].date() for event in own) for (profile,), own in by(events, "profile_id").items()
    }
    calls = {
        "tracks": "track",
        "identifies": "identify",
        "pages": "page",
        "screens": "screen",
        "groups": "group",
        "aliases": "alias",
    }
    made = []
    for (day,), own in by([event | {"day": event["timestamp"].date()} for event in events], "day").items():
        orders = [event | {"currency": event["currency"] or ""} for event in own if is_order(event)]
        made.append(
            {
                "day": day,
                "active_profiles": len({event["profile_id"] for event in own}),
                "new_profiles": sum(one == day for one in first.values()),
                "events": len(own),
                **{name: sum(event["type"] == call for event in own) for name, call in calls.items()},
                "sessions": sum(visit["started_at"].date() == day for visit in visits),
                "orders": len(orders),
                "revenue": sorted(
                    (currency, sum(map(amount, paid))) for (currency,), paid in by(orders, "currency").items()
                ),
            }
        )
    return made


def first_order_days(events):
    return {
        profile: min(event["timestamp"].date() for event in own)
        for (profile,), own in by(filter(is_order, events), "profile_id").items()
    }


def revenue(events):
    first = first_order_days(events)
    paid = [
        event | {"day": event["timestamp"].date(), "currency": event["currency"] or ""}
        for event in events
        if is_order(event) or event["event"] == "Order Refunded"
    ]
    made = []
    for (day, currency), own in by(paid, "day", "currency").items():
        orders, refunds = [event for event in own if is_order(event)], [event for event in own if not is_order(event)]
        total, buyers = sum(map(amount, orders), Decimal(0)), {event["profile_id"] for event in orders}
        made.append(
            {
                "day": day,
                "currency": currency,
                "orders": len(orders),
                "revenue": total,
                "refunds": len(refunds),
                "refunded": sum((abs(amount(event)) for event in refunds), Decimal(0)),
                "average_order_value": rounded(total, len(orders), 4) if orders else None,
                "new_customers": sum(first[buyer] == day for buyer in buyers),
                "returning_customers": sum(first[buyer] < day for buyer in buyers),
            }
        )
    return made


def rfm(events):
    orders = [
        event | {"day": event["timestamp"].date(), "currency": event["currency"] or ""}
        for event in events
        if is_order(event)
    ]
    end = max((event["day"] for event in orders), default=None)
    made = []
    for (profile,), own in by(orders, "profile_id").items():
        days, main = sorted({event["day"] for event in own}), main_currency(own)
        in_main = [event for event in own if event["currency"] == main]
        repeats = by([event for event in in_main if event["day"] > days[0]], "day")
        mean = (
            rounded(sum(amount(event) for day in repeats.values() for event in day), len(repeats), 10)
            if repeats
            else Decimal(0)
        )
        made.append(
            {
                "profile_id": profile,
                "frequency": len(days) - 1,
                "recency": (days[-1] - days[0]).days,
                "t": (end - days[0]).days,
                "monetary_value": mean,
                "first_order_day": days[0],
                "last_order_day": days[-1],
                "orders": len(in_main),
                "revenue": sum(map(amount, in_main)),
                "currency": main,
                "observed_until": end,
            }
        )
    for row in made:
        row["r_score"], row["f_score"] = score(row, made, "last_order_day"), score(row, made, "frequency")
        row["m_score"] = score(row, [other for other in made if other["currency"] == row["currency"]], "revenue")
        row["segment"] = named(row["r_score"], (row["f_score"] + row["m_score"] + 1) // 2)
    return made


def score(row, rows, value):
    below = sum(other[value] < row[value] for other in rows)
    return min(5, 1 + 5 * below // max(len(rows) - 1, 1))


def named(recency, rest):
    grid = {
        "recent": ("new", "potential_loyalists", "champions"),
        "middling": ("about_to_sleep", "needs_attention", "loyal"),
        "long ago": ("lost", "hibernating", "at_risk"),
    }
    return grid["recent" if recency > 3 else "middling" if recency == 3 else "long ago"][
        0 if rest == 1 else 1 if rest < 4 else 2
    ]


def funnels(events, days=7):
    """Every choice of events for the steps is tried."""
    depth = {}
    for (profile,), own in by([event for event in events if event["type"] == "track"], "profile_id").items():
        for entry in (event for event in own if event["event"] == STEPS[0]):
            end = entry["timestamp"] + timedelta(days=days)
            frontier, reached = [entry], 0
            for step in range(1, len(STEPS) + 1):
                reached = step if frontier else reached
                frontier = [
                    event
                    for event in own
                    if step < len(STEPS)
                    and event["event"] == STEPS[step]
                    and event["timestamp"] <= end
                    and any(moment(one) < moment(event) for one in frontier)
                ]
            key = entry["timestamp"].date(), profile
            depth[key] = max(depth.get(key, 0), reached)
    return [
        {
            "funnel": "purchase",
            "day": day,
            "step": n,
            "event": event,
            "profiles": sum(reached >= n for (other, _), reached in depth.items() if other == day),
            "window_days": days,
        }
        for day in {day for day, _ in depth}
        for n, event in enumerate(STEPS, 1)
    ]


def touch(visit):
    referred = visit["referrer_kind"] not in (None, "direct", "internal")
    if not referred and not any(visit[name] for name in CAMPAIGN):
        return None
    host = (urlsplit(visit["page_referrer"] or "").hostname or visit["referrer_kind"]) if referred else None
    source = visit["campaign_source"] or visit["click_id_kind"] or host or "unknown"
    return {
        "source": source,
        "medium": visit["campaign_medium"] or (visit["referrer_kind"] if referred else None),
        "campaign": visit["campaign_name"],
    }


DIRECT = {"source": "direct", "medium": None, "campaign": None}


def attribution(events, visits, lookback):
    made = []
    for order in filter(is_order, events):
        at = order["timestamp"]
        own = [
            visit
            for visit in visits
            if visit["profile_id"] == order["profile_id"]
            and touch(visit)
            and at - timedelta(lookback) <= visit["started_at"] <= at
        ]
        own.sort(key=lambda visit: (visit["started_at"], visit["session_id"]))
        touches = [{"session_id": visit["session_id"], **touch(visit)} for visit in own] or [
            {"session_id": None, **DIRECT}
        ]
        units, last = int(amount(order) * 10_000), len(touches) - 1
        part = abs(units) // len(touches) * (1 if units >= 0 else -1)
        for n, one in enumerate(touches):
            row = {
                "event_id": order["event_id"],
                "message_id": order["message_id"],
                "position": n + 1,
                "profile_id": order["profile_id"],
                "ordered_at": at,
                "touches": len(own),
                "currency": order["currency"] or "",
                **one,
            }
            credits = {
                "first": units if n == 0 else None,
                "last": units if n == last else None,
                "linear": units - part * last if n == last else part,
            }
            made += [
                row | {"model": model, "credit": Decimal(credit) / 10_000}
                for model, credit in credits.items()
                if credit is not None
            ]
    return made


def customer_360(events, profiles, visits, scores):
    made = []
    for profile in profiles:
        mine = [event for event in events if event["profile_id"] == profile["profile_id"]]
        own = sorted(
            (visit for visit in visits if visit["profile_id"] == profile["profile_id"]),
            key=lambda visit: (visit["started_at"], visit["session_id"]),
        )
        orders = [event | {"currency": event["currency"] or ""} for event in mine if is_order(event)]
        main = main_currency(orders) if orders else None
        liked = Counter(event["category"] for event in mine if event["category"])
        touches = [visit for visit in own if touch(visit)] or own
        score = next((row for row in scores if row["profile_id"] == profile["profile_id"]), {})
        row = {
            **{name: value for name, value in profile.items() if name != "collection"},
            "sessions": len(own),
            "pages": sum(visit["pages"] for visit in own),
            "first_session_at": own[0]["started_at"] if own else None,
            "last_session_at": own[-1]["started_at"] if own else None,
            "orders": len(orders),
            "currency": main,
            "revenue": sum(amount(event) for event in orders if event["currency"] == main) if orders else None,
            "favourite_category": min(liked, key=lambda name: (-liked[name], name)) if liked else None,
            **{
                name: score.get(name)
                for name in ("frequency", "recency", "t", "monetary_value", "r_score", "f_score", "m_score")
            },
            "rfm_segment": score.get("segment"),
        }
        for place, visit in (("first", touches[0]), ("last", touches[-1])) if touches else ():
            row |= {
                f"{place}_touch_{part}": value
                for part, value in ({"at": visit["started_at"]} | (touch(visit) or DIRECT)).items()
            }
        made.append(row)
    return made


def marts(events, profiles, minutes=30, lookback=30):
    """Rows of every mart but `segment_membership`, which depends on when it was asked."""
    visits, scores = sessions(events, minutes), rfm(events)
    return {
        "sessions": visits,
        "daily_activity": daily_activity(events, visits),
        "rfm": scores,
        "revenue": revenue(events),
        "funnels": funnels(events),
        "attribution": attribution(events, visits, lookback),
        "customer_360": customer_360(events, profiles, visits, scores),
    }
