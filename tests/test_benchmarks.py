"""The code behind `make bench`, with nothing timed: topics can be loaded, goals judged, and the table read."""

import json
from importlib import import_module

import pytest

from tests.benchmarks import report
from tests.benchmarks.__main__ import TOPICS
from tests.benchmarks.load import Volley
from tests.benchmarks.report import Figure


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_can_be_loaded_and_measures(topic):
    assert callable(import_module(f"tests.benchmarks.{topic}").measure)


@pytest.mark.parametrize(
    ("value", "goal", "met", "verdict"),
    [
        (0.33, "≥ 0.33", True, "ok"),
        (0.329, "≥ 0.33", False, "MISSED"),
        (3.0, "≤ 3", True, "ok"),
        (3.01, "≤ 3", False, "MISSED"),
        (99, "", None, ""),
    ],
)
def test_a_goal_is_met_at_its_bound_and_missed_beyond_it(value, goal, met, verdict):
    figure = Figure("sign", "name", value, "×", goal)
    assert (figure.met, figure.verdict) == (met, verdict)


def test_a_ratio_is_the_median_of_rounds_and_tells_its_spread():
    figure = report.ratio("sign", "throughput", [10, 30, 20], [100, 100, 40], "≥ 0.3", rate=20)
    assert figure == Figure("sign", "throughput", 0.3, "×", "≥ 0.3", {"rate": 20, "low": 0.1, "high": 0.5})


def test_rounds_that_do_not_pair_are_no_ratio():
    with pytest.raises(ValueError, match="zip"):
        report.ratio("sign", "throughput", [1, 2], [1])


def test_the_line_shows_verdict_value_goal_and_detail():
    figure = Figure("sign", "p95, of the floor view", 3.456, "×", "≤ 3", {"low": 2.5, "high": 4})
    expected = ["MISSED", "sign", "p95,", "of", "the", "floor", "view", "3.46", "×", "≤", "3"]
    assert report.line(figure).split() == [*expected, "low", "2.5", "high", "4"]
    assert (
        report.line(Figure("sign", "no goal", 1, "ms"))
        == report.line(Figure("sign", "no goal", 1, "ms")).rstrip()
    )


def test_the_summary_counts_goals_and_misses():
    figures = [Figure("a", "b", value, "×", goal) for value, goal in ((1, ""), (1, "≤ 1"), (2, "≤ 1"))]
    assert report.summary(figures) == "3 figures, 2 goals, 1 missed"


def test_the_file_holds_every_figure_with_its_verdict(tmp_path):
    report.write([Figure("a", "b", 2, "×", "≤ 1", {"low": 1})], tmp_path / "bench.json")
    written = json.loads((tmp_path / "bench.json").read_text())
    assert written["figures"] == [
        {
            "topic": "a",
            "name": "b",
            "value": 2,
            "unit": "×",
            "goal": "≤ 1",
            "detail": {"low": 1},
            "met": False,
        }
    ]
    assert set(written["machine"]) == {"cores", "python", "load"}


def test_a_volley_knows_its_rate_and_its_slow_end():
    volley = Volley(seconds=2, latencies=[float(ms) for ms in range(1, 101)])
    assert (volley.rate, volley.median) == (50, 50.5)
    assert 95 <= volley.p95 <= 97
