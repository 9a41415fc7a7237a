"""The Helm chart, rendered: valid for Kubernetes, and keeping the rules an operator relies on."""

import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

ROOT = Path(__file__).parents[2]
CHART = ROOT / "ops" / "kubernetes" / "arv"
HELM = Path(sys.executable).parent / "helm"
ADDRESS = ("--set", "publicUrl=https://arv.example.com")
VERSIONS = ("1.29", "1.31", "1.33")
# Not of Kubernetes itself: their schemas come with who extends it.
EXTENSIONS = {"HTTPRoute", "ScaledObject", "TriggerAuthentication"}


def helm(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(HELM), *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


@cache
def rendered(*options: str) -> tuple[dict[str, Any], ...]:
    """Every object of the chart with these options."""
    done = helm("template", "arv", str(CHART), "--namespace", "arv", *ADDRESS, *options)
    assert done.returncode == 0, done.stderr
    return tuple(each for each in yaml.safe_load_all(done.stdout) if each)


def of_kind(kind: str, *options: str) -> dict[str, dict[str, Any]]:
    return {o["metadata"]["name"]: o for o in rendered(*options) if o["kind"] == kind}


def pods() -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and pod template of everything that runs."""
    for each in rendered("--set", "keda.enabled=true"):
        if each["kind"] in ("Deployment", "Job"):
            yield each["metadata"]["name"], each["spec"]["template"]


each_pod = pytest.mark.parametrize("pod", [pytest.param(p, id=name) for name, p in pods()])


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("keda", ["true", "false"])
def test_every_object_is_valid(version: str, keda: str) -> None:
    """Each object fits the schema of its kind, unknown fields refused, on old and new clusters."""
    checked = 0
    for each in rendered("--set", f"keda.enabled={keda}"):
        if each["kind"] not in EXTENSIONS:
            kubernetes_validate.validate(each, version, strict=True)
            checked += 1
    assert checked > 20


def test_lint_finds_nothing() -> None:
    """Helm itself has no complaint, warnings counted as errors."""
    done = helm("lint", "--strict", str(CHART), *ADDRESS)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "option",
    ["publicUrl=http://arv.example.com", "publicUrl=", "api.replicas=0", "api.colour=red"],
)
def test_a_wrong_value_is_refused_before_anything_is_installed(option: str) -> None:
    """No https, no address, nobody to answer, a misspelt key: the schema says so."""
    done = helm("template", "arv", str(CHART), *ADDRESS, "--set", option)
    assert done.returncode != 0
    assert "values don't meet the specifications" in done.stderr


@each_pod
def test_a_pod_keeps_to_the_restricted_profile(pod: dict[str, Any]) -> None:
    """Pod Security Standards, restricted; and no root file system to write to, no token, bounded memory."""
    spec = pod["spec"]
    assert spec["automountServiceAccountToken"] is False
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["runAsUser"] > 0
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert not {"hostNetwork", "hostPID", "hostIPC"} & spec.keys()
    assert all("hostPath" not in volume for volume in spec["volumes"])
    for container in spec["containers"]:
        security = container["securityContext"]
        assert security["allowPrivilegeEscalation"] is False
        assert security["readOnlyRootFilesystem"] is True
        assert security["capabilities"] == {"drop": ["ALL"]}
        assert container["resources"]["limits"]["memory"]
        assert container["resources"]["requests"].keys() == {"cpu", "memory"}


@each_pod
def test_secrets_are_files_never_values(pod: dict[str, Any]) -> None:
    """No environment variable holds a secret or takes one from a Secret."""
    for container in pod["spec"]["containers"]:
        for variable in container.get("env", []):
            assert "valueFrom" not in variable
            secret = any(
                word in variable["name"] for word in ("SECRET", "PASSWORD", "DATABASE_URL")
            )
            assert not secret or variable["name"].endswith("_FILE")


def test_what_serves_is_replaced_without_a_gap() -> None:
    """Two of API and entry at least, a new one ready before an old one goes, time to look away."""
    deployments = of_kind("Deployment")
    scaler = of_kind("HorizontalPodAutoscaler")["arv-api"]
    assert scaler["spec"]["minReplicas"] >= 2
    assert deployments["arv-edge"]["spec"]["replicas"] >= 2
    for name in ("arv-api", "arv-edge"):
        spec = deployments[name]["spec"]
        assert spec["strategy"]["rollingUpdate"] == {"maxUnavailable": 0, "maxSurge": 1}
        container = spec["template"]["spec"]["containers"][0]
        assert "preStop" in container["lifecycle"]
        assert container["readinessProbe"] != container["livenessProbe"]


def test_every_queue_has_workers_that_grow_with_it() -> None:
    """A Deployment for each queue; with KEDA a scaler that looks at the same queue."""
    options = ("--set", "keda.enabled=true")
    scalers = of_kind("ScaledObject", *options)
    for queue in ("markers", "notifications", "default"):
        name = f"arv-worker-{queue}"
        args = of_kind("Deployment", *options)[name]["spec"]["template"]["spec"]["containers"][0][
            "args"
        ]
        assert args[:4] == ["arv", "worker", "--queues", queue]
        spec = scalers[name]["spec"]
        assert spec["scaleTargetRef"] == {"name": name}
        assert spec["triggers"][0]["metadata"]["listName"] == queue
        assert "replicas" not in of_kind("Deployment", *options)[name]["spec"]


def test_the_api_grows_with_requests_too() -> None:
    """Beside processor use, when the cluster serves the metric."""
    option = ("--set", "api.autoscaling.requestsPerSecond=200")
    metrics = of_kind("HorizontalPodAutoscaler", *option)["arv-api"]["spec"]["metrics"]
    assert [metric["type"] for metric in metrics] == ["Resource", "Pods"]
    assert metrics[1]["pods"]["target"]["averageValue"] == "200"


def test_the_network_is_closed_but_for_what_is_named() -> None:
    """Everything is shut; the API hears the entry only, and the world is reached past private networks."""
    policies = of_kind("NetworkPolicy")
    closed = policies["arv-closed"]["spec"]
    assert closed["policyTypes"] == ["Ingress", "Egress"]
    assert "ingress" not in closed
    for pod in (template for _, template in pods()):
        labels = pod["metadata"]["labels"]
        assert closed["podSelector"]["matchLabels"].items() <= labels.items()
    heard = policies["arv-api"]["spec"]["ingress"][0]["from"][0]["podSelector"]["matchLabels"]
    assert heard["app.kubernetes.io/component"] == "edge"
    world = policies["arv-service"]["spec"]["egress"][1]
    assert "10.0.0.0/8" in world["to"][0]["ipBlock"]["except"]


def test_schema_comes_before_the_service() -> None:
    """Migration is a hook before install and upgrade, and what was uploaded outlives the release."""
    hook = of_kind("Job")["arv-migrate"]["metadata"]["annotations"]
    assert hook["helm.sh/hook"] == "pre-install,pre-upgrade"
    kept = of_kind("PersistentVolumeClaim")["arv-content"]["metadata"]["annotations"]
    assert kept["helm.sh/resource-policy"] == "keep"


def test_every_kind_of_pod_may_be_moved_one_at_a_time() -> None:
    """A disruption budget selects each Deployment's pods."""
    budgets = of_kind("PodDisruptionBudget")
    for name, deployment in of_kind("Deployment").items():
        labels = deployment["spec"]["template"]["metadata"]["labels"]
        assert budgets[name]["spec"]["selector"]["matchLabels"] == labels
