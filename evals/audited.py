"""What an audit of the installed packages says, told so that "nothing known" and "nobody was asked" differ.

    pip-audit --format json | python -m evals.audited

Exit 0: every package was looked up and none has a known weakness; 1: some have; 2: some could not be looked up, be it
all of them, for which `pip-audit` alone says "no known vulnerabilities found".
"""

import json
import sys
from typing import Any


def told(report: str) -> tuple[int, list[str]]:
    """The exit status and the lines to print, from what `pip-audit --format json` wrote."""
    try:
        packages: list[dict[str, Any]] = json.loads(report)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return 2, ["the audit wrote no report: nothing was looked up"]
    weak = [f"{p['name']} {p['version']}: {', '.join(v['id'] for v in p['vulns'])}" for p in packages if p.get("vulns")]
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    if not packages or skipped:
        lines = [f"not looked up: {len(skipped)} of {len(packages)} packages; of those nothing is known"]
        return (1 if weak else 2), [*weak, *lines]
    return (1, weak) if weak else (0, [f"{len(packages)} packages looked up, none with a known weakness"])


if __name__ == "__main__":
    status, lines = told(sys.stdin.read())
    print("\n".join(lines))
    sys.exit(status)
