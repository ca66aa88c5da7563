"""People of an imaginary vendor: they change, come and go while somebody reads, and changes show late."""

import random
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

START = datetime(2026, 2, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Person:
    id: int
    email: str
    at: datetime
    gone: bool = False


@dataclass
class People:
    """`events` keeps each version, oldest first."""

    chance: random.Random
    now: datetime = START
    all: dict[int, Person] = field(default_factory=dict)
    events: list[Person] = field(default_factory=list)
    may_change: bool = True
    late: timedelta = timedelta(minutes=10)

    def stamp(self) -> datetime:
        """A change is stamped up to some minutes before it can be seen, as at the end of a long transaction."""
        return (self.now - self.late * self.chance.random()).replace(microsecond=0)

    def add(self, at: datetime | None = None) -> None:
        at = at or self.stamp()
        self.keep(Person(len(self.all) + 1, f"first{len(self.all) + 1}@example.com", at))

    def change(self) -> None:
        """One of them gets another address, or goes."""
        alive = [person for person in self.all.values() if not person.gone]
        if not self.may_change or not alive:
            return self.add()
        person = self.chance.choice(alive)
        at = max(self.stamp(), person.at + timedelta(seconds=1))
        if self.chance.random() < 0.2:
            return self.keep(replace(person, gone=True, at=at))
        return self.keep(replace(person, email=f"{len(self.events)}@example.com", at=at))

    def keep(self, person: Person) -> None:
        self.all[person.id] = person
        self.events.append(replace(person, at=self.now.replace(microsecond=0)))

    def between(self, begin: float, end: float | None = None, gone: bool = True) -> list[Person]:
        """By the time of their last change."""
        found = (
            person
            for person in self.all.values()
            if begin <= person.at.timestamp() < (end or 1e12) and (gone or not person.gone)
        )
        return sorted(found, key=lambda person: (person.at, person.id))

    def here(self) -> dict[str, str]:
        """What a reader must know in the end."""
        return {str(person.id): person.email for person in self.all.values() if not person.gone}
