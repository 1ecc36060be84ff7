"""Run by `make bench`, which gives it a PostgreSQL of its own. Usage: python -m tests.benchmarks [--strict] [TOPIC…]"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

TOPICS = ("sign", "doors", "pages", "paper", "transfer", "seal", "verify", "ledger", "follow")
RESULT = Path(__file__).resolve().parents[2] / "var/bench.json"


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure; each figure is a ratio of two things in this run.")
    parser.add_argument("topics", nargs="*", default=[], choices=[*TOPICS, []], metavar="TOPIC")
    parser.add_argument("--strict", action="store_true", help="exit with 1 when a goal is missed")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings", "DEMO": "0"}
        figures = _run(asked.topics or TOPICS)
    from tests.benchmarks import report

    RESULT.parent.mkdir(exist_ok=True)
    report.write(figures, RESULT)
    print(f"\n{report.summary(figures)}; written to var/bench.json")
    return 1 if asked.strict and any(figure.met is False for figure in figures) else 0


def _run(topics):
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    from importlib import import_module

    from tests.benchmarks import report, stage
    from tests.benchmarks.load import served

    figures = []
    for topic in topics:
        with served() as server:
            for figure in import_module(f"tests.benchmarks.{topic}").measure(server):
                print(report.line(figure), flush=True)
                figures.append(figure)
        stage.put_away()
    return figures


if __name__ == "__main__":
    sys.exit(main())
