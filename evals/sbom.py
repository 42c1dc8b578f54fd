"""Fault 15, and the list of every package that is installed beside this program, in CycloneDX 1.5.

    python -m evals.sbom > sbom.json

It comes from installed metadata alone, without a network. Whether a package has known weaknesses is for a program to
say that asks an advisory service: `pip-audit`.
"""

import ast
import json
import sys
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

from evals.faults import Bench, Seen

_OURS = ("assistant", "index", "evals")
# Ray carries values between our own workers so, and one of our benchmarks between its own processes.
_OWN_PICKLES = {"index/cluster.py", "evals/scale.py"}
_UNPICKLERS = {"pickle", "cPickle", "dill", "cloudpickle", "shelve", "joblib", "marshal"}


def supply_chain(bench: Bench) -> Seen:  # noqa: ARG001 - every row takes it
    """Which files of ours could load a pickle; how many packages are installed, each with its version."""
    root = Path(__file__).parents[1]
    sources = [path for package in _OURS for path in sorted((root / package).rglob("*.py"))]
    loading = {str(path.relative_to(root)) for path in sources if any(_unpickles(path))}
    failures = [f"{name} can load a pickle" for name in sorted(loading - _OWN_PICKLES)]
    listed = parts()
    failures += [f"{name} has no version" for name, version in listed.items() if not version]
    seen = f"{len(sources)} files, {len(loading)} load pickles, of our own processes; {len(listed)} packages listed"
    return Seen(len(sources), seen, tuple(failures))


def parts() -> dict[str, str]:
    """The version of each package installed in this environment, by its name in lower case with hyphens."""
    found = ((package.metadata["Name"], package.version) for package in distributions())
    return dict(sorted((name.lower().replace("_", "-").replace(".", "-"), version) for name, version in found))


def as_cyclonedx(listed: dict[str, str]) -> str:
    """The list as JSON (ECMA-424)."""
    components = [
        {"type": "library", "name": name, "version": version, "purl": f"pkg:pypi/{name}@{version}"}
        for name, version in listed.items()
    ]
    whole = {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": components}
    return json.dumps(whole, indent=1)


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


if __name__ == "__main__":
    sys.stdout.write(as_cyclonedx(parts()) + "\n")
