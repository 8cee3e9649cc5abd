"""Expected courses: what is used, how it is pooled, and what is refused."""

from math import exp, log, pi, sqrt
from statistics import NormalDist

import pytest

from untoward.evidence.courses import expected_course
from untoward.evidence.load import load_evidence

Z95 = NormalDist().inv_cdf(0.95)
Z99 = NormalDist().inv_cdf(0.99)

# Expected largest of 15 and of 18 standard normal values: Harter, Biometrika 1961;48:151, table 1, to five decimals.
LARGEST_OF_15, LARGEST_OF_18 = 1.73591, 1.82003


class TestPublishedArms:
    """Bruising after deoxycholic acid, Glogau 2019, table 3: two arms that print a median and a maximum of days.

    Mild: 15 people, median 8.3, longest 18. Extreme: 18 people, median 12, longest 39. By hand, with mu = ln(median) and
    sigma = ln(longest / median) / expected largest of n normal values, pooled by people within and between the arms.
    """

    ARMS = ((15, 8.3, 18, LARGEST_OF_15), (18, 12, 39, LARGEST_OF_18))

    @pytest.fixture
    def course(self):
        return expected_course(load_evidence(), "deoxycholic-acid", "bruise")

    @pytest.fixture
    def by_hand(self):
        fitted = [
            (n, log(median), log(longest / median) / largest) for n, median, longest, largest in self.ARMS
        ]
        people = sum(n for n, _mu, _sigma in fitted)
        mu = sum(n * mean for n, mean, _sigma in fitted) / people
        variance = sum(n * (sigma**2 + (mean - mu) ** 2) for n, mean, sigma in fitted) / people
        return people, mu, sqrt(variance)

    def test_the_arms_are_the_only_ones_used(self, course):
        assert course.evidence == (
            "deoxycholic-acid-bruise-duration-mild-2019",
            "deoxycholic-acid-bruise-duration-extreme-2019",
        )

    def test_pooled_parameters(self, course, by_hand):
        people, mu, sigma = by_hand
        assert course.people == people == 33
        assert course.mu == pytest.approx(mu, abs=1e-12)
        assert course.sigma == pytest.approx(sigma, rel=1e-5)

    def test_band_last_day_and_those_still_bruised(self, course, by_hand):
        _people, mu, sigma = by_hand
        low, middle, high = course.band_days
        assert (low, middle, high) == pytest.approx(
            [exp(mu - Z95 * sigma), exp(mu), exp(mu + Z95 * sigma)], rel=1e-5
        )
        assert course.longest_days == 39
        assert course.last_day == pytest.approx(max(39, exp(mu + Z99 * sigma)), rel=1e-5)
        for day in (1, 5, 10, 20, 40):
            assert course.still_present(day) == pytest.approx(
                1 - NormalDist(mu, sigma).cdf(log(day)), abs=1e-5
            )

    def test_the_numbers_a_reader_sees(self, course):
        """Half over by day 10, 95 % by day 27, of 33 people: worked out once by hand from the figures above."""
        assert [round(day) for day in course.band_days] == [4, 10, 27]

    def test_the_interval_of_the_last_day(self, course, by_hand):
        """By the formulas of docs/explanation/expected-course.md, written out again for the two arms.

        Variances of the largest of 15 and of 18 standard normal values, 0.30104 and 0.28453, by summing up.
        """
        people, mu, sigma = by_hand
        variance = 0.0
        for n, median, longest, largest in self.ARMS:
            own, top = log(longest / median) / largest, slow_variance_of_largest(n)
            of_median, both = pi / (2 * n), 1 / n
            by_mu = n / people * (1 + Z95 * (log(median) - mu) / sigma)
            by_sigma = n / people * Z95 * own / sigma
            variance += own**2 * (
                by_mu**2 * of_median
                + 2 * by_mu * by_sigma * (both - of_median) / largest
                + by_sigma**2 * (of_median + top - 2 * both) / largest**2
            )
        reach = NormalDist().inv_cdf(0.975) * sqrt(variance)
        late = mu + Z95 * sigma
        assert course.day_interval(0.95) == pytest.approx((exp(late - reach), exp(late + reach)), rel=1e-4)
        assert [round(day) for day in course.day_interval(0.95)] == [17, 42]


def slow_course(base, compound, term):
    """The same answer without any of the code it checks: quantiles by NormalDist, the largest value by summing up."""
    series = []
    for record in base.durations(compound, term):
        days = {"hour": 1 / 24, "day": 1, "week": 7, "month": 365.25 / 12}[record.unit]
        fitted = slow_fit(record, days)
        if fitted is not None and record.n >= 2:
            series.append((record.n, *fitted))
    parts = base.compounds[compound].parts
    if not series and parts:
        found = [slow_course(base, part, term) for part in parts]
        series = [item for part in found for item in part]
    return series


def slow_fit(record, days):
    points = [(point.day * days, point.percent) for point in record.resolved if point.day > 0]
    if len(points) >= 2:
        usable = [
            (log(day), NormalDist().inv_cdf(percent / 100)) for day, percent in points if 0 < percent < 100
        ]
        if len({x for x, _z in usable}) < 2:
            return None
        mean_x, mean_z = (sum(column) / len(usable) for column in zip(*usable, strict=True))
        slope = sum((x - mean_x) * (z - mean_z) for x, z in usable) / sum(
            (x - mean_x) ** 2 for x, _z in usable
        )
        return (mean_x - mean_z / slope, 1 / slope) if slope > 0 else None
    if not record.median or not record.high:
        return None
    mu = log(record.median * days)
    if record.interval == "range":
        if record.n < 2 or record.high == record.median:
            return None
        return mu, log(record.high / record.median) / slow_largest(record.n)
    shares = {"iqr": (0.25, 0.75), "p5-p95": (0.05, 0.95)}.get(record.interval)
    if shares is None:
        return None
    pairs = [
        (NormalDist().inv_cdf(share), log(limit * days) - mu)
        for share, limit in zip(shares, (record.low, record.high), strict=True)
        if limit
    ]
    if not any(y for _z, y in pairs):
        return None
    return mu, sum(z * y for z, y in pairs) / sum(z * z for z, _y in pairs)


def slow_largest(n, step=0.002):
    """Mean of the largest of n normal values: x times its density, summed over a fine grid."""
    normal = NormalDist()
    total = 0.0
    for place in range(int(16 / step)):
        x = -8 + (place + 0.5) * step
        total += x * n * normal.cdf(x) ** (n - 1) * normal.pdf(x) * step
    return total


def slow_variance_of_largest(n, step=0.002):
    """E[x^2] of the largest of n normal values less the square of its mean, summed over a fine grid."""
    normal = NormalDist()
    square = 0.0
    for place in range(int(16 / step)):
        x = -8 + (place + 0.5) * step
        square += x * x * n * normal.cdf(x) ** (n - 1) * normal.pdf(x) * step
    return square - slow_largest(n, step) ** 2


def shipped_courses():
    base = load_evidence()
    pairs = sorted(
        {(record.compound, record.term) for record in base.records.values() if record.kind == "duration"}
    )
    mixes = [
        (key, term) for key, compound in base.compounds.items() if compound.parts for _part, term in pairs
    ]
    return [pytest.param(*pair, id=" ".join(pair)) for pair in dict.fromkeys([*pairs, *mixes])]


@pytest.mark.parametrize(("compound", "term"), shipped_courses())
class TestEveryShippedCourse:
    def test_it_is_what_the_slow_twin_gives(self, compound, term):
        base = load_evidence()
        course, series = expected_course(base, compound, term), slow_course(base, compound, term)
        if course is None:
            assert series == []
            return
        people = sum(n for n, *_rest in series)
        mu = sum(n * mean for n, mean, _sigma in series) / people
        variance = sum(n * (sigma**2 + (mean - mu) ** 2) for n, mean, sigma in series) / people
        assert (course.people, course.mu, course.sigma) == (
            people,
            pytest.approx(mu),
            pytest.approx(sqrt(variance), rel=1e-4),
        )

    def test_its_band_is_one_a_clinician_could_believe(self, compound, term):
        course = expected_course(load_evidence(), compound, term)
        if course is None:
            return
        low, middle, high = course.band_days
        assert 0 < low < middle < high <= course.last_day
        assert course.people >= 2
        assert low > 1 / 24 / 60, "no reaction is over within a minute"
        assert high < 2 * 365, "a reaction that lasts longer is no passing one"
        assert course.still_present(0) == 1
        assert course.still_present(middle) == pytest.approx(0.5)
        assert course.still_present(high) == pytest.approx(0.05)
        for share, day in ((0.5, middle), (0.95, high)):
            start, end = course.day_interval(share)
            assert 0 < start < day < end
        days = [0, low, middle, high, course.last_day, 10 * course.last_day]
        shares = [course.still_present(day) for day in days]
        assert shares == sorted(shares, reverse=True)


class TestWhatIsUsed:
    @pytest.fixture
    def course(self, sound, write, record):
        """The course of alpha's bruise when its duration record is changed."""

        def change(**fields):
            duration = {"unit": "day", "n": 10, **fields}
            sound["records"] = [record("d", "duration", compound="alpha", term="bruise", **duration)]
            return expected_course(load_evidence(write(sound)), "alpha", "bruise")

        return change

    @pytest.mark.parametrize(
        "fields",
        [
            {"median": 7},
            {"mean": 7, "sd": 2},
            {"median": 7, "high": 21, "interval": "range", "n": 0},
            {"median": 7, "high": 21, "interval": "range", "n": 1},
            {"median": 7, "high": 21, "interval": "stated"},
            {"median": 7, "low": 3, "high": 21, "interval": "stated"},
            {"median": 7, "high": 21},
            {"low": 3, "high": 21, "interval": "range"},
            {"median": 7, "low": 3, "interval": "iqr"},
            {"median": 0, "high": 21, "interval": "range"},
            {"median": 7, "high": 7, "interval": "range"},
            {"resolved": [{"day": 7, "percent": 80}]},
            {"resolved": [{"day": 0, "percent": 0}, {"day": 7, "percent": 80}]},
            {"resolved": [{"day": 3, "percent": 0}, {"day": 7, "percent": 100}]},
        ],
        ids=str,
    )
    def test_a_print_that_says_no_spread_is_not_used(self, course, fields):
        assert course(**fields) is None

    @pytest.mark.parametrize(
        ("fields", "middle"),
        [
            ({"median": 7, "high": 21, "interval": "range"}, 7),
            ({"median": 7, "low": 4, "high": 14, "interval": "iqr"}, 7),
            ({"median": 7, "high": 14, "interval": "iqr"}, 7),
            ({"median": 7, "low": 0, "high": 14, "interval": "iqr"}, 7),
            ({"median": 7, "low": 2, "high": 20, "interval": "p5-p95"}, 7),
            ({"median": 2, "high": 5, "interval": "range", "unit": "week"}, 14),
            ({"median": 36, "high": 96, "interval": "range", "unit": "hour"}, 1.5),
            (
                {"resolved": [{"day": 2, "percent": 30}, {"day": 8, "percent": 70}]},
                4,
            ),  # half way between, on the log scale
            (
                {
                    "resolved": [
                        {"day": 0, "percent": 0},
                        {"day": 2, "percent": 30},
                        {"day": 8, "percent": 70},
                    ]
                },
                4,
            ),
        ],
        ids=str,
    )
    def test_a_print_that_says_a_spread_is(self, course, fields, middle):
        found = course(**fields)
        assert found.band_days[1] == pytest.approx(middle)
        assert found.people == 10

    def test_quartiles_come_back_as_they_were_printed(self, course):
        """ln 3.5 and ln 14 lie evenly about ln 7, so a log-normal can meet both."""
        found = course(median=7, low=3.5, high=14, interval="iqr")
        assert found.still_present(3.5) == pytest.approx(0.75)
        assert found.still_present(14) == pytest.approx(0.25)

    @pytest.mark.parametrize(("interval", "longest"), [("range", 21), ("iqr", 0), ("p5-p95", 0)])
    def test_only_a_range_tells_the_longest(self, course, interval, longest):
        assert course(median=1, low=0.5, high=3, interval=interval, unit="week").longest_days == longest


class TestMixtures:
    def days(self, record, key, compound, median, n):
        return record(
            key,
            "duration",
            compound=compound,
            term="bruise",
            n=n,
            unit="day",
            median=median,
            high=4 * median,
            interval="range",
        )

    def test_without_records_of_its_own_a_mixture_takes_those_of_its_parts(self, sound, write, record):
        sound["records"] = [self.days(record, "a", "alpha", 5, 10), self.days(record, "b", "beta", 20, 30)]
        course = expected_course(load_evidence(write(sound)), "alpha-beta", "bruise")
        assert (course.compound, course.evidence, course.people) == ("alpha-beta", ("a", "b"), 40)
        assert course.mu == pytest.approx((10 * log(5) + 30 * log(20)) / 40)

    def test_one_part_is_enough(self, sound, write, record):
        sound["records"] = [self.days(record, "b", "beta", 20, 30)]
        assert expected_course(load_evidence(write(sound)), "alpha-beta", "bruise").evidence == ("b",)

    def test_its_own_records_come_first(self, sound, write, record):
        sound["records"] = [
            self.days(record, "a", "alpha", 5, 10),
            self.days(record, "mix", "alpha-beta", 9, 4),
        ]
        assert expected_course(load_evidence(write(sound)), "alpha-beta", "bruise").evidence == ("mix",)

    def test_own_records_that_cannot_be_used_do_not_hide_the_parts(self, sound, write, record):
        own = record("mix", "duration", compound="alpha-beta", term="bruise", n=4, unit="day", median=9)
        sound["records"] = [self.days(record, "a", "alpha", 5, 10), own]
        assert expected_course(load_evidence(write(sound)), "alpha-beta", "bruise").evidence == ("a",)

    def test_a_part_never_takes_the_mixtures(self, sound, write, record):
        sound["records"] = [self.days(record, "mix", "alpha-beta", 9, 4)]
        base = load_evidence(write(sound))
        assert expected_course(base, "alpha", "bruise") is None

    def test_unknown_compounds_and_terms_have_no_data(self, sound, write):
        base = load_evidence(write(sound))
        assert expected_course(base, "gamma", "bruise") is None
        assert expected_course(base, "alpha", "no such term") is None
