"""Which times a run asks for: windows that end before the run began, each of which is a load of its own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cdp.values.times import format_instant

SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Window:
    """From a time, up to and without another."""

    begin: datetime
    end: datetime

    def halves(self) -> tuple["Window", "Window"] | None:
        """None for a window that cannot be split."""
        middle = self.begin + (self.end - self.begin) / 2
        middle = middle.replace(microsecond=0)
        if middle <= self.begin or middle >= self.end:
            return None
        return Window(self.begin, middle), Window(middle, self.end)


def windows(begin: datetime, end: datetime, size: timedelta | None) -> Iterator[Window]:
    """The time between, in order, in windows of a size; one window without a size, none when there is no time."""
    while begin < end:
        until = end if size is None else min(end, begin + size)
        yield Window(begin, until)
        begin = until


def whole_seconds(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)


def as_text(at: datetime, form: str) -> str:
    """A time as an API wants it."""
    seconds = int(at.timestamp())
    match form:
        case "seconds":
            return str(seconds)
        case "milliseconds":
            return str(seconds * 1000)
        case _:
            return format_instant(seconds * 1000).replace(".000Z", "Z")


def filled(template: Any, window: Window, form: str) -> Any:
    """A template of parameters with the window's times; `{before}` is for APIs that leave out the bound."""
    if isinstance(template, str):
        times = {"{from}": window.begin, "{to}": window.end, "{before}": window.begin - SECOND}
        for name, at in times.items():
            template = template.replace(name, as_text(at, form))
        return template
    if isinstance(template, Mapping):
        return {name: filled(value, window, form) for name, value in template.items()}
    if isinstance(template, list):
        return [filled(value, window, form) for value in template]
    return template
