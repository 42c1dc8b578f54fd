"""The timeline of the evidence → SVG: how many passages tell of each day. Nothing is fetched."""

import math
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from assistant.page.evidence import hit_days
from assistant.page.text import escape
from assistant.page.words import word
from assistant.types import Hit

_WIDTH, _HEIGHT = 300, 140
_LEFT, _RIGHT, _BOTTOM, _TOP = 8, 8, 20, 8
_MOST_BARS = 40


class _Bar(NamedTuple):
    days: tuple[date, ...]
    passages: int
    is_cited: bool


def timeline_html(hits: Sequence[Hit], cited: Collection[str], language: str) -> str:
    """`cited`: ids of the passages that the answer cites; their bars are darker. A bar filters the sources."""
    told = [(day, hit.passage.id in cited) for hit in hits for day in hit_days(hit)]
    if not told:
        return ""
    first, last = min(day for day, _ in told), max(day for day, _ in told)
    days_a_bar = math.ceil(((last - first).days + 1) / _MOST_BARS)
    count = ((last - first).days) // days_a_bar + 1
    grouped: list[list[tuple[date, bool]]] = [[] for _ in range(count)]
    for day, is_cited in told:
        grouped[(day - first).days // days_a_bar].append((day, is_cited))
    bars = [_Bar(tuple(sorted({d for d, _ in group})), len(group), any(c for _, c in group)) for group in grouped]
    step = (_WIDTH - _LEFT - _RIGHT) / count
    most = max(bar.passages for bar in bars)
    drawn = "".join(_bar(bar, at, step, most) for at, bar in enumerate(bars) if bar.passages)
    title = escape(word("timeline", language))
    return (
        f'<figure><figcaption>{title}</figcaption><svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="group" '
        f'aria-label="{title}" preserveAspectRatio="xMidYMid meet">'
        f'<line class="axis" x1="0" x2="{_WIDTH}" y1="{_HEIGHT - _BOTTOM}" y2="{_HEIGHT - _BOTTOM}"></line>'
        f"{drawn}{_ticks(first, last, count, days_a_bar, step)}</svg></figure>"
    )


def _bar(bar: _Bar, at: int, step: float, most: int) -> str:
    width = min(step * 0.8, 16)
    height = (_HEIGHT - _BOTTOM - _TOP) * bar.passages / max(most, 3)
    x = _LEFT + step * (at + 0.5) - width / 2
    days = " ".join(day.isoformat() for day in bar.days)
    name = f"{bar.days[0]}" if len(bar.days) == 1 else f"{bar.days[0]} – {bar.days[-1]}"
    return (
        f'<g role="button" tabindex="0" data-day="{days}" data-name="{name}" aria-label="{name} ({bar.passages})">'
        f"<title>{name} ({bar.passages})</title>"
        # As tall as the chart and unseen: a low bar is as easy to hit as a high one.
        f'<rect x="{_LEFT + step * at:.1f}" y="0" width="{step:.1f}" height="{_HEIGHT}" fill="transparent"></rect>'
        f'<rect class="bar{" is-cited" if bar.is_cited else ""}" x="{x:.1f}" '
        f'y="{_HEIGHT - _BOTTOM - height:.1f}" width="{width:.1f}" height="{height:.1f}" rx="2"></rect></g>'
    )


def _ticks(first: date, last: date, count: int, days_a_bar: int, step: float) -> str:
    """The first and the last day, and one between when there is room."""
    places = sorted({0, count // 2, count - 1}) if count > 4 else sorted({0, count - 1})
    ticks: list[str] = []
    for at in places:
        day = last if at == count - 1 else first + timedelta(days=at * days_a_bar)
        anchor = "start" if at == 0 and count > 1 else "end" if at == count - 1 and count > 1 else "middle"
        x = {"start": _LEFT, "end": _WIDTH - _RIGHT, "middle": _LEFT + step * (at + 0.5)}[anchor]
        ticks.append(f'<text x="{x:.1f}" y="{_HEIGHT - 6}" text-anchor="{anchor}">{day}</text>')
    return "".join(ticks)
