"""Write the made-up collection of reports in this folder. Nothing in it happened; README.md says what was planted.

    python make.py
"""

import random
from datetime import date, timedelta
from pathlib import Path

SEED = 20260
REPORTS = 900
FIRST, LAST = date(2022, 1, 3), date(2024, 12, 20)
WARNING = date(2024, 3, 1)

# How often each product is named, and by which route it is given.
PRODUCTS = {
    "FILLER ALPHA": (22, "SUBCUTANEOUS"),
    "TOXIN BETA": (20, "INTRAMUSCULAR"),
    "STIMULATOR GAMMA": (9, "SUBCUTANEOUS"),
    "DISSOLVER DELTA": (9, "SUBCUTANEOUS"),
    "COCKTAIL EPSILON": (8, "INTRADERMAL"),
    "VITAMIN ZETA": (10, "INTRADERMAL"),
    "ANAESTHETIC ETA": (12, "SUBCUTANEOUS"),
    "ENZYME THETA": (4, "SUBCUTANEOUS"),
}
EVENTS = {
    "Injection site pain": 20, "Injection site swelling": 18, "Injection site bruising": 16, "Injection site erythema": 14,
    "Injection site pruritus": 9, "Headache": 9, "Nausea": 6, "Dizziness": 6, "Fatigue": 5, "Injection site nodule": 4,
    "Urticaria": 3, "Pyrexia": 3, "Anxiety": 3, "Palpitations": 2, "Hypersensitivity": 2, "Syncope": 2,
    "Eyelid ptosis": 0.6, "Hypoaesthesia": 0.8, "Dysphagia": 0.4, "Vascular occlusion": 0.25, "Mycobacterial infection": 0.25,
}  # fmt: skip
# Product, event, how likely in a report of the product, days until it begins (shortest, longest), from when on.
PLANTED = (
    ("FILLER ALPHA", "Vascular occlusion", 0.055, (0, 1), FIRST),
    ("TOXIN BETA", "Eyelid ptosis", 0.12, (3, 14), FIRST),
    ("STIMULATOR GAMMA", "Injection site nodule", 0.25, (60, 400), FIRST),
    ("DISSOLVER DELTA", "Hypoaesthesia", 0.16, (1, 5), FIRST),
    ("COCKTAIL EPSILON", "Mycobacterial infection", 0.30, (18, 60), date(2024, 2, 1)),
)
LOT_OF_THE_INFECTIONS = "K77"
TOGETHER = ("ANAESTHETIC ETA", "VITAMIN ZETA", "Palpitations", 0.45)
AFTER_THE_WARNING = ("TOXIN BETA", "Dysphagia", 0.02, 0.22)


def main() -> None:
    """Draw the reports and write the five files of a quarter."""
    draw = random.Random(SEED)
    reports = [one_report(draw, number) for number in range(1, REPORTS + 1)]
    # one report came in twice, in a later version
    reports.append({**reports[11], "version": 2, "received": reports[11]["received"] + timedelta(days=40)})
    write(reports, Path(__file__).parent)


def one_report(draw: random.Random, number: int) -> dict:
    """A report: when, who, one or two products with route and lot, events, and the day they began."""
    received = FIRST + timedelta(days=draw.randrange((LAST - FIRST).days))
    names = list(PRODUCTS)
    products = draw.choices(names, [PRODUCTS[name][0] for name in names])
    if draw.random() < 0.06:
        products = list(TOGETHER[:2])
    elif draw.random() < 0.22:
        other = draw.choices(names, [PRODUCTS[name][0] for name in names])[0]
        products = list(dict.fromkeys([*products, other]))
    events = dict.fromkeys(draw.choices(list(EVENTS), list(EVENTS.values()), k=draw.choice((1, 1, 2, 2, 3))))
    lots = {name: f"{name[0]}{draw.randrange(10, 30)}" for name in products}
    days = int(draw.expovariate(0.5))
    for product, event, chance, (shortest, longest), since in PLANTED:
        if product in products and received >= since and draw.random() < chance:
            events = {event: None, **events}
            days = draw.randint(shortest, longest)
            if event == "Mycobacterial infection" and draw.random() < 0.8:
                lots[product] = LOT_OF_THE_INFECTIONS
    events, days = rest_of_the_plan(draw, products, received, events, days)
    return {
        "number": number, "version": 1, "received": received, "products": products, "lots": lots, "events": list(events),
        "given": received - timedelta(days=days + draw.randint(3, 40)), "days": days, "age": draw.randint(19, 74),
        "sex": draw.choices(("F", "M", ""), (82, 12, 6))[0], "dated": draw.random() < 0.7,
    }  # fmt: skip


def rest_of_the_plan(draw: random.Random, products: list, received: date, events: dict, days: int) -> tuple:
    """Two products that go badly together, and an event that is reported more after a warning."""
    one, other, event, chance = TOGETHER
    if one in products and other in products and draw.random() < chance:
        events = {event: None, **events}
    product, event, before, after = AFTER_THE_WARNING
    if product in products and draw.random() < (after if received >= WARNING else before):
        return {event: None, **events}, draw.randint(2, 12)
    return events, days


def write(reports: list, folder: Path) -> None:
    """The five files, fields parted by `$` as in FAERS."""
    rows = {
        "DEMO": ["primaryid$caseid$caseversion$i_f_code$event_dt$fda_dt$age$age_cod$sex$occp_cod$occr_country"],
        "DRUG": ["primaryid$caseid$drug_seq$role_cod$drugname$prod_ai$route$lot_num"],
        "REAC": ["primaryid$caseid$pt"],
        "OUTC": ["primaryid$caseid$outc_cod"],
        "THER": ["primaryid$caseid$dsg_drug_seq$start_dt"],
    }
    for report in reports:
        case = 90000000 + report["number"]
        key = f"{case}{report['version']}${case}"
        began = report["given"] + timedelta(days=report["days"])
        event_dt = f"{began:%Y%m%d}" if report["dated"] else f"{began:%Y%m}"
        who = f"{report['age']}$YR${report['sex']}$MD$US"
        kind = "I" if report["version"] == 1 else "F"
        rows["DEMO"].append(f"{key}${report['version']}${kind}${event_dt}${report['received']:%Y%m%d}${who}")
        for place, product in enumerate(report["products"], start=1):
            role = "PS" if place == 1 else "SS"
            route, lot = PRODUCTS[product][1], report["lots"][product]
            rows["DRUG"].append(f"{key}${place}${role}${product.title()}${product}${route}${lot}")
            rows["THER"].append(f"{key}${place}${report['given']:%Y%m%d}")
        rows["REAC"] += [f"{key}${event}" for event in report["events"]]
        if report["events"][0] in ("Vascular occlusion", "Mycobacterial infection", "Dysphagia"):
            rows["OUTC"].append(f"{key}$OT")
    for table, lines in rows.items():
        (folder / f"{table}24Q4.txt").write_text("\r\n".join(lines) + "\r\n", encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
