"""Rules, alerts and Alertmanager's configuration, read and played by Prometheus' own programs."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.monitoring.alert_cases import API, CASES, Series, constant

ROOT = Path(__file__).parents[2]
RULES = ROOT / "ops/monitoring/prometheus/rules"
REMEDY = "apt install prometheus prometheus-alertmanager (scripts/system_packages.sh does)"


def alerts() -> dict[str, dict[str, Any]]:
    groups = yaml.safe_load((RULES / "alerts.yml").read_text())["groups"]
    return {rule["alert"]: rule for group in groups for rule in group["rules"]}


def program(name: str, *arguments: str | Path, cwd: Path = ROOT) -> str:
    """What the program says; fails with it when it is not content."""
    assert shutil.which(name), f"{name} is not installed: {REMEDY}"
    done = subprocess.run(
        [name, *arguments], cwd=cwd, check=False, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_every_alert_says_what_and_where_to_read_on() -> None:
    """A severity, a sentence, and a page that exists."""
    for name, alert in alerts().items():
        assert alert["labels"]["severity"] in {"critical", "warning"}, name
        assert alert["annotations"]["summary"], name
        assert (ROOT / alert["annotations"]["runbook_url"]).is_file(), name


def test_every_runbook_of_an_alert_is_complete() -> None:
    """It names its alerts, what it means, where to look first, what to do, and when it is over."""
    for page in (ROOT / "docs/runbooks/alerts").glob("*.md"):
        text = page.read_text()
        named = [
            name
            for name, alert in alerts().items()
            if Path(alert["annotations"]["runbook_url"]).name == page.name
        ]
        assert named, f"{page.name}: no alert leads here"
        assert [name for name in named if name not in text] == [], page.name
        for heading in ("## What it means", "## First look", "## What to do", "## Over when"):
            assert heading in text, f"{page.name}: {heading}"


def test_every_alert_has_a_case() -> None:
    """No alert is believed unseen."""
    assert set(alerts()) == set(CASES)


def test_configurations_are_accepted() -> None:
    """Prometheus, its rules and Alertmanager's file, by their own checkers."""
    program("promtool", "check", "config", "ops/monitoring/prometheus/prometheus.yml")
    program("promtool", "check", "rules", *sorted(RULES.glob("*.yml")))
    program("amtool", "check-config", "ops/monitoring/alertmanager/alertmanager.yml")


def a_test(name: str, series: Series, minutes: int, *, fires: bool) -> dict[str, Any]:
    """One of promtool's tests: how many alerts of the name fire, none being an empty answer."""
    series = series if name == "ArvApiDown" else {API: constant(1), **series}
    expected = [{"labels": "{}", "value": 1}] if fires else []
    return {
        "name": f"{name} {'fires' if fires else 'does not fire'}",
        "interval": "1m",
        "input_series": [{"series": key, "values": values} for key, values in series.items()],
        "promql_expr_test": [
            {
                "expr": f'count(ALERTS{{alertname="{name}",alertstate="firing"}})',
                "eval_time": f"{minutes}m",
                "exp_samples": expected,
            }
        ],
    }


def test_every_alert_fires_when_it_should_and_only_then(tmp_path: Path) -> None:
    """Played by promtool, on series that are bad and on series that come near."""
    tests = [
        a_test(name, series, case.minutes, fires=fires)
        for name, case in CASES.items()
        for series, fires in ((case.fires, True), (case.quiet, False))
    ]
    file = tmp_path / "cases.yml"
    rules = [str(rule) for rule in sorted(RULES.glob("*.yml"))]
    file.write_text(
        yaml.safe_dump({"rule_files": rules, "evaluation_interval": "1m", "tests": tests})
    )

    assert "SUCCESS" in program("promtool", "test", "rules", file)


def test_an_alert_that_stays_silent_is_noticed(tmp_path: Path) -> None:
    """The test above can fail: a quiet series does not pass for a bad one."""
    case = CASES["ArvNoWorker"]
    broken = a_test("ArvNoWorker", case.quiet, case.minutes, fires=True)
    file = tmp_path / "broken.yml"
    rules = [str(rule) for rule in sorted(RULES.glob("*.yml"))]
    file.write_text(
        yaml.safe_dump({"rule_files": rules, "evaluation_interval": "1m", "tests": [broken]})
    )

    with pytest.raises(AssertionError, match="FAILED"):
        program("promtool", "test", "rules", file)
