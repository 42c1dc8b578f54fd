"""When a report was published, from what it declares or from its file name. Never from the file system."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple

from index.errors import BadReport

FIRST_YEAR = 1900
SLACK_DAYS = 2  # zones and clocks differ; a date further ahead is a mistake
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
NAME_DATE = re.compile(r"(?<!\d)(\d{4})([-_.])(\d{2})\2(\d{2})(?!\d)")
EXPECTED = "expected an ISO date (2017-10-22) or time (2017-10-22T08:30:00+02:00)"


class Published(NamedTuple):
    at: datetime
    """UTC."""
    precision: Literal["minute", "day"]


def parse_published(declared: str, now: datetime) -> Published:
    """The moment a `published` value names; a time without a zone is taken as UTC. Raises `BadReport`."""
    stripped = declared.strip()
    try:
        if ISO_DATE.fullmatch(stripped):
            return on_day(date.fromisoformat(stripped), now, f"published is {stripped!r}")
        if not ISO_DATE.match(stripped):
            raise ValueError
        moment = datetime.fromisoformat(stripped)
        in_utc = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadReport(f"published is {stripped[:60]!r}, {EXPECTED}") from None
    return Published(_plausible(in_utc, now, f"published is {stripped!r}"), "minute")


def on_day(day: date, now: datetime, found: str) -> Published:
    """A day known by date only. `found` opens the error message when the day cannot be right."""
    return Published(_plausible(datetime.combine(day, time(), UTC), now, found), "day")


def date_in_name(name: str) -> date | None:
    """The ISO date in a file's name, "dispatch_2017-10-22.fr.txt"; none when there is none or there are two."""
    days: set[date] = set()
    for year, _, month, day in NAME_DATE.findall(name.replace("\\", "/").rsplit("/", 1)[-1]):
        try:
            days.add(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return days.pop() if len(days) == 1 else None


def _plausible(moment: datetime, now: datetime, found: str) -> datetime:
    if moment.year < FIRST_YEAR:
        raise BadReport(f"{found}, expected a date from {FIRST_YEAR} on")
    if moment > now + timedelta(days=SLACK_DAYS):
        raise BadReport(f"{found}, which lies in the future (today is {now.date()}); correct it")
    return moment
