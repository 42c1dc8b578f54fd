"""A result for other programs' eyes: JUnit XML for a CI server, Markdown for a pull request's summary."""

import re
from collections.abc import Mapping, Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from evals.results import MUST, CaseResult, Result, missed_gates, summarise
from evals.tables import CORE, groups_of, judge_line, seconds_table, spread, tokens_line, unscored_line

# XML 1.0 has no place for these, not even escaped.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def junit(result: Result) -> str:
    """One test case a question, named by story and id; a failure holds what cost points, an error what was raised.

    Without times: two runs give the same bytes.
    """
    failed = [case for case in result.cases if case.is_failed]
    unasked = [case for case in result.cases if not case.is_scored]
    broken = [case for case in failed if case.reply.get("status") == "error"]
    suite = Element(
        "testsuite",
        name=f"{result.set}/{result.split}",
        tests=str(len(result.cases)),
        failures=str(len(failed) - len(broken)),
        errors=str(len(broken)),
        skipped=str(len(unasked)),
    )
    for case in result.cases:
        one = SubElement(suite, "testcase", classname=f"{result.set}.{case.story}", name=f"{case.id} {case.question}")
        if case in failed:
            kind = "error" if case in broken else "failure"
            SubElement(one, kind, message=_clean("; ".join(_lacking(case)))[:300]).text = _clean(_detail(case))
        elif case in unasked:
            SubElement(one, "skipped", message=_clean(next(iter(case.unscored.values()), ""))[:300])
    root = Element("testsuites")
    root.append(suite)
    indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def markdown(
    result: Result, seconds: Mapping[str, Mapping[str, float]] | None = None, peer: Result | None = None
) -> str:
    """The means, the table by kind and language, gates missed, and the failures folded away; `peer` beside them."""
    means, others = summarise(result.cases), summarise(peer.cases) if peer else {}
    head = [
        "measure",
        f"{result.system} ({result.model})",
        *([f"{peer.system} ({peer.model})"] if peer else []),
        "cases",
    ]
    rows = [
        [name, spread(mean).strip(), *([spread(others[name]).strip() if name in others else "–"] if peer else []),
         str(mean.cases)]
        for name, mean in means.items()
    ]  # fmt: skip
    gates = missed_gates(result.cases)
    verdict = f"**{len(gates)} hard gates missed.**" if gates else "All hard gates hold."
    parts = [
        f"## Answers measured: {result.set}/{result.split}, {len(result.cases)} questions",
        verdict,
        judge_line(result),
        unscored_line(result.cases),
        _table(head, rows),
        "### By kind and language",
        _table(["", "n", *CORE.values()], _group_rows(result.cases)),
        tokens_line(result.cases),
        seconds_table(seconds or {}),
        _folded_failures(result.cases) if result.split == "dev" else "",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _group_rows(cases: Sequence[CaseResult]) -> list[list[str]]:
    rows: list[list[str]] = []
    for name, members in groups_of(cases).items():
        means = summarise(members)
        rows.append([name, str(len(members)), *(f"{means[key].value:.3f}" if key in means else "–" for key in CORE)])
    return rows


def _folded_failures(cases: Sequence[CaseResult]) -> str:
    failed = [case for case in cases if case.is_failed]
    lines = [f"- `{case.id}` {_escaped(case.question)}: {_escaped('; '.join(_lacking(case)))}" for case in failed]
    return "\n".join([f"<details><summary>{len(failed)} cases did not pass</summary>", "", *lines, "", "</details>"])


def _lacking(case: CaseResult) -> list[str]:
    """The measures that an answer must pass and this one did not, with its scores."""
    return [f"{name} {case.scores[name]:.2f}" for name in MUST if case.scores.get(name, 1.0) < 1.0]


def _detail(case: CaseResult) -> str:
    faults = [f"{name}: {fault}" for name, faults in case.faults.items() for fault in faults]
    return "\n".join([*faults, "", str(case.reply.get("text") or case.reply.get("error") or "")])


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_escaped(cell) for cell in line)} |" for line in lines)


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", text)
