"""Fault 15, and the list of every installed part that this program needs, in CycloneDX 1.5.

    python -m evals.sbom > sbom.json

It comes from installed metadata alone, without a network. Whether a part has known weaknesses is for a program that asks
an advisory service: `pip-audit`.
"""

import ast
import json
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

from evals.faults import Bench, Seen

_OURS = ("assistant", "index", "evals")
# Ray carries values between our own workers so, and one of our benchmarks between its own processes; docs/scale.md says
# that a cluster runs what those who reach it send.
_OWN_PICKLES = {"index/cluster.py", "evals/scale.py"}
_UNPICKLERS = {"pickle", "cPickle", "dill", "cloudpickle", "shelve", "joblib", "marshal"}


def supply_chain(bench: Bench) -> Seen:  # noqa: ARG001 - every row takes it
    """Which files of ours could load a pickle; how many parts there are, and whether each has a version."""
    root = Path(__file__).parents[1]
    sources = [path for package in _OURS for path in sorted((root / package).rglob("*.py"))]
    loading = {str(path.relative_to(root)) for path in sources if any(_unpickles(path))}
    failures = [f"{name} can load a pickle" for name in sorted(loading - _OWN_PICKLES)]
    listed = parts("briefing-assistant")
    if len(listed) < 2:
        failures.append("the program is not installed as a package: no list of its parts")
    seen = f"{len(sources)} files, {len(loading)} load pickles, of our own processes alone; {len(listed)} parts listed"
    return Seen(len(sources), seen, tuple(failures))


def parts(root: str) -> dict[str, str]:
    """The version of each installed package that `root` needs, itself included, by name."""
    found: dict[str, str] = {}
    waiting = [Requirement(root)]
    asked: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        wanted = waiting.pop()
        key = (_normal(wanted.name), frozenset(wanted.extras))
        if key in asked:
            continue
        asked.add(key)
        try:
            known = distribution(wanted.name)
        except PackageNotFoundError:
            continue  # an extra that is not installed
        found[_normal(wanted.name)] = known.version
        for text in known.requires or ():
            needed = Requirement(text)
            extras = {"", *wanted.extras}
            if needed.marker is None or any(needed.marker.evaluate({"extra": extra}) for extra in extras):
                waiting.append(needed)
    return dict(sorted(found.items()))


def as_cyclonedx(listed: dict[str, str]) -> str:
    """The list as JSON (ECMA-424)."""
    components = [
        {"type": "library", "name": name, "version": version, "purl": f"pkg:pypi/{name}@{version}"}
        for name, version in listed.items()
    ]
    return json.dumps(
        {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": components}, indent=1
    )


def _unpickles(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.split(".")[0] in _UNPICKLERS)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in _UNPICKLERS:
            yield node.module or ""
        elif isinstance(node, ast.keyword) and node.arg == "allow_pickle" and not _is_false(node.value):
            yield node.arg


def _is_false(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is False


def _normal(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")


if __name__ == "__main__":
    sys.stdout.write(as_cyclonedx(parts("briefing-assistant[embedded]")) + "\n")
