"""Reports made up from a seed, some of them twice with the slips of reporters, and the true pairs."""

from datetime import date, timedelta

import numpy as np
import polars as pl

from untoward.model.ledger import Ledger
from untoward.model.reports import ReportTables

SCHEMA = {
    "report_id": pl.String, "case_id": pl.String, "received": pl.Date, "event_date": pl.Date,
    "age_years": pl.Float64, "sex": pl.String, "country": pl.String,
}  # fmt: skip


def labelled(seed, *, reports=1500, duplicates=120, silent=0.25):
    """Tables and their true pairs. Drugs bring their own events along, and names follow Zipf's law."""
    rng = np.random.default_rng(seed)
    cases = [_case(rng) for _ in range(reports)]
    chosen = rng.choice(reports, duplicates, replace=False)
    told = [_told(case, rng, silent, slips=False) for case in cases]
    told += [_told(cases[k], rng, silent, slips=True) for k in chosen]
    order = rng.permutation(len(told))
    names = {int(old): f"{1000 + new}" for new, old in enumerate(order)}
    pairs = [(names[int(k)], names[reports + at]) for at, k in enumerate(chosen)]
    true = pl.DataFrame(pairs, schema={"report_a": pl.String, "report_b": pl.String}, orient="row")
    return _tables([told[k] for k in order]), true


def _case(rng):
    drugs = {int(min(rng.zipf(1.5), 80)) for _ in range(1 + rng.poisson(0.7))}
    events = set()
    for _ in range(1 + rng.poisson(2.0)):
        own = rng.random() < 0.5
        events.add(
            7 * next(iter(drugs)) % 300 + int(rng.integers(4)) if own else int(min(rng.zipf(1.4), 300))
        )
    return {
        "event_date": date(2021, 1, 1) + timedelta(days=int(rng.integers(0, 365))),
        "age": float(rng.integers(18, 90)),
        "sex": str(rng.choice(["F", "M"], p=[0.65, 0.35])),
        "country": str(rng.choice(["US", "GB", "FR", "DE", "ES"], p=[0.6, 0.1, 0.1, 0.1, 0.1])),
        "drugs": drugs,
        "events": events,
        "lot": f"L{int(rng.integers(0, 400)):04d}",
    }


def _told(case, rng, silent, *, slips):
    told = dict(case, drugs=set(case["drugs"]), events=set(case["events"]))
    if slips:
        if rng.random() < 0.1:
            told["event_date"] += timedelta(days=int(rng.choice([-2, -1, 1, 2])))
        if rng.random() < 0.1:
            told["age"] += float(rng.choice([-1, 1]))
        if rng.random() < 0.3:
            told["events"].add(int(min(rng.zipf(1.4), 300)))
        if len(told["events"]) > 1 and rng.random() < 0.3:
            told["events"].pop()
        if rng.random() < 0.15:
            told["drugs"].add(int(min(rng.zipf(1.5), 80)))
    for name in ("event_date", "age", "lot"):
        if rng.random() < silent:
            told[name] = None
    return told


def _tables(told):
    keys = [f"{1000 + k}" for k in range(len(told))]
    reports = [
        (key, key, date(2021, 6, 1), t["event_date"], t["age"], t["sex"], t["country"])
        for key, t in zip(keys, told, strict=True)
    ]
    drugs = [
        (key, f"DRUG {d}", "suspect", t["lot"])
        for key, t in zip(keys, told, strict=True)
        for d in sorted(t["drugs"])
    ]
    events = [(key, f"Event {e}") for key, t in zip(keys, told, strict=True) for e in sorted(t["events"])]
    kinds = {"report_id": pl.String, "drug": pl.String, "role": pl.String, "lot": pl.String}
    return ReportTables(
        reports=pl.DataFrame(reports, schema=SCHEMA, orient="row"),
        drugs=pl.DataFrame(drugs, schema=kinds, orient="row"),
        events=pl.DataFrame(events, schema={"report_id": pl.String, "event": pl.String}, orient="row"),
        ledger=Ledger(),
    )
