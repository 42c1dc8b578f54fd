"""Plots as inline SVG for the scorecard: bars with intervals, a curve of waiting times, a line of reliability.

Colours come from the page's CSS, so that they follow its light or dark scheme. Every text is escaped here.
"""

import math
from collections.abc import Mapping, Sequence
from html import escape
from itertools import cycle
from typing import NamedTuple

from evals.intervals import Mean

_LABEL, _BAR, _VALUE, _ROW = 190, 330, 150, 22
_WIDTH, _HEIGHT, _MARGIN = 440, 220, 40
_COLOURS = ("#1b6ca8", "#c1440e", "#3a7d44", "#7b4b94")


class Bar(NamedTuple):
    """One line of a bar plot."""

    label: str
    mean: Mean
    peer: Mean | None = None
    """Of the system beside which ours is shown."""
    meaning: str = ""
    """Shown when the reader points at it."""


def bars(lines: Sequence[Bar]) -> str:
    """Means in [0, 1] as bars, their 95 % intervals as whiskers, the peer's mean as a mark."""
    drawn = [_bar(line, number * _ROW) for number, line in enumerate(lines)]
    height = len(lines) * _ROW + 18
    grid = "".join(
        f'<line class="grid" x1="{_x(tick)}" x2="{_x(tick)}" y1="0" y2="{height - 16}"/>'
        f'<text class="tick" x="{_x(tick)}" y="{height - 3}" text-anchor="middle">{tick:g}</text>'
        for tick in (0, 0.25, 0.5, 0.75, 1)
    )
    return _svg(_LABEL + _BAR + _VALUE, height, grid + "".join(drawn), "means with 95 % intervals")


def waiting(seconds: Mapping[str, Sequence[float]]) -> str:
    """For each stage, the share of questions that had reached it after so many seconds, but for the slowest 2 %."""
    longest = max((sorted(times)[int(0.98 * (len(times) - 1))] for times in seconds.values() if times), default=1.0)
    curves: list[str] = []
    for number, (stage, times) in enumerate(seconds.items()):
        ordered = sorted(times)
        reached = ((elapsed, (n + 1) / len(ordered)) for n, elapsed in enumerate(ordered) if elapsed <= longest)
        points = [(0.0, 0.0), *reached]
        path = " ".join(f"{_across(x / longest):.1f},{_up(y):.1f}" for x, y in points)
        curves.append(
            f'<polyline class="curve c{number}" points="{path}"/>'
            f'<text class="name c{number}" x="{_across(0.98)}" y="{_up(0.3 - 0.09 * number):.0f}" text-anchor="end">'
            f"to {escape(stage.replace('_', ' '))}</text>"
        )
    body = _axes("seconds", [(f, f"{f * longest:.2g}") for f in (0, 0.5, 1)], "share of questions") + "".join(curves)
    return _svg(_WIDTH, _HEIGHT, body, "waiting times")


def growth(curves: Mapping[str, Sequence[tuple[float, float]]], below: str, beside: str) -> str:
    """Lines of (size, value) on two logarithmic axes; a page by itself, with colours of its own."""
    points = [point for curve in curves.values() for point in curve]
    sizes, values = [math.log10(size) for size, _ in points], [math.log10(value) for _, value in points]
    low, high = math.floor(min(values)), math.ceil(max(values) + 1e-9)
    first, last = min(sizes), max(*sizes, min(sizes) + 1e-9)

    def at(size: float, value: float) -> str:
        across = (math.log10(size) - first) / (last - first)
        return f"{_across(across):.1f},{_up((math.log10(value) - low) / (high - low)):.1f}"

    drawn = "".join(
        f'<polyline points="{" ".join(at(*point) for point in curve)}" fill="none" stroke-width="2" stroke="{colour}"/>'
        f'<text x="{_across(0.03)}" y="{30 + 15 * number}" fill="{colour}">{escape(name)}</text>'
        for number, ((name, curve), colour) in enumerate(zip(curves.items(), cycle(_COLOURS), strict=False))
    )
    sides = "".join(
        f'<line x1="{_across(0)}" x2="{_across(1)}" y1="{_up(share)}" y2="{_up(share)}" stroke="#ccc"/>'
        f'<text x="{_across(0) - 6}" y="{_up(share) + 4}" text-anchor="end">{10**power:g}</text>'
        for power in range(low, high + 1)
        for share in [(power - low) / (high - low)]
    )
    feet = "".join(
        f'<text x="{_across((math.log10(size) - first) / (last - first)):.0f}" y="{_HEIGHT - _MARGIN + 15}" '
        f'text-anchor="middle">{size:,.0f}</text>'
        for size in sorted({size for size, _ in points})
    )
    names = (
        f'<text x="{_across(0.5)}" y="{_HEIGHT - 6}" text-anchor="middle">{escape(below)}</text>'
        f'<text x="{_across(0)}" y="9">{escape(beside)}</text>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" '
        f'font-size="11"><rect width="100%" height="100%" fill="white"/>{sides}{feet}{names}{drawn}</svg>'
    )


def reliability(points: Sequence[tuple[float, bool]], groups: int = 5) -> str:
    """(chance, was right) in equal groups by chance: the share that was right, against the mean chance.

    On the diagonal a chance means what it says. Reliability diagram: Murphy & Winkler, JRSS C 1977.
    """
    ordered = sorted(points)
    cuts = [ordered[len(ordered) * n // groups : len(ordered) * (n + 1) // groups] for n in range(groups)]
    means = [
        (sum(score for score, _ in group) / len(group), sum(right for _, right in group) / len(group), len(group))
        for group in cuts
        if group
    ]
    if not means:
        return ""
    placed = [(_across(chance), _up(right), right, count) for chance, right, count in means]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _, _ in placed)
    dots = "".join(
        f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="4"><title>{right:.2f} of {count}</title></circle>'
        for x, y, right, count in placed
    )
    diagonal = f'<line class="grid" x1="{_across(0)}" y1="{_up(0)}" x2="{_across(1)}" y2="{_up(1)}"/>'
    ticks = [(at, f"{at:g}") for at in (0.0, 0.5, 1.0)]
    body = _axes("chance that the likeliest sentence answers", ticks, "share that gold answers") + diagonal
    return _svg(_WIDTH, _HEIGHT, f'{body}<polyline class="curve c0" points="{path}"/>{dots}', "reliability")


def _bar(line: Bar, top: int) -> str:
    mean = line.mean
    middle = top + _ROW / 2
    whisker = (
        f'<line class="whisker" x1="{_x(mean.low)}" x2="{_x(mean.high)}" y1="{middle}" y2="{middle}"/>'
        if mean.low is not None and mean.high is not None
        else ""
    )
    mark = _x(line.peer.value) if line.peer else 0.0
    peer = f'<line class="peer" x1="{mark}" x2="{mark}" y1="{top + 2}" y2="{top + _ROW - 2}"/>' if line.peer else ""
    beside = f" / {line.peer.value:.3f}" if line.peer else ""
    length = max(0.0, _x(mean.value) - _x(0))
    return (
        f"<g>{f'<title>{escape(line.meaning)}</title>' if line.meaning else ''}"
        f'<text class="label" x="{_LABEL - 8}" y="{middle + 4}" text-anchor="end">{escape(line.label)}</text>'
        f'<rect class="bar" x="{_x(0)}" y="{top + 5}" width="{length:.1f}" height="{_ROW - 10}"/>'
        f"{whisker}{peer}"
        f'<text class="value" x="{_LABEL + _BAR + 10}" y="{middle + 4}">{mean.value:.3f}{beside} n={mean.cases}</text>'
        "</g>"
    )


def _x(value: float) -> float:
    return round(_LABEL + _BAR * value, 1)


def _across(share: float) -> float:
    return _MARGIN + 10 + (_WIDTH - _MARGIN - 30) * share


def _up(share: float) -> float:
    return _HEIGHT - _MARGIN - (_HEIGHT - _MARGIN - 14) * share


def _axes(below: str, ticks: Sequence[tuple[float, str]], beside: str) -> str:
    lines = "".join(
        f'<line class="grid" x1="{_across(0)}" x2="{_across(1)}" y1="{_up(y)}" y2="{_up(y)}"/>'
        f'<text class="tick" x="{_across(0) - 6}" y="{_up(y) + 4}" text-anchor="end">{y:g}</text>'
        for y in (0, 0.5, 1)
    )
    low = _HEIGHT - _MARGIN + 15
    marks = "".join(
        f'<text class="tick" x="{_across(at):.0f}" y="{low}" text-anchor="middle">{escape(text)}</text>'
        for at, text in ticks
    )
    names = (
        f'<text class="tick" x="{_across(0.5)}" y="{_HEIGHT - 6}" text-anchor="middle">{escape(below)}</text>'
        f'<text class="tick" x="{_across(0)}" y="9">{escape(beside)}</text>'
    )
    return lines + marks + names


def _svg(width: int, height: int, body: str, name: str) -> str:
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{escape(name)}">{body}</svg>'
    )
