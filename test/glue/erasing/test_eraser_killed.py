"""The job that erases dies after each of its steps, and goes on there until nothing is left to do."""

from cdp.erasing import erase
from crashes import Killed
from erased_shop import ID, LONG, Shop


class Dies:
    """The job dies after whatever changes a table."""

    def __init__(self, monkeypatch) -> None:
        self.steps: list[str] = []
        for name in ("delete_rows", "remember_erased"):
            monkeypatch.setattr(erase, name, self.dying(getattr(erase, name)))

    def dying(self, step):
        def step_and_die(spark, name, *given, **more):
            if changed := step(spark, name, *given, **more):
                self.steps.append(name.rpartition(".")[2])
                raise Killed
            return changed

        return step_and_die


def test_the_job_dies_after_each_step_and_goes_on_there(spark, tmp_path, monkeypatch):
    shop = Shop(spark, tmp_path)
    shop.everybody()
    shop.barred()
    dies = Dies(monkeypatch)
    while True:
        try:
            told = shop.maintain()
            break
        except Killed:
            assert len(dies.steps) < 30
            assert not (shop.directory / "erasures/lake").exists()
    steps = {"events", "sightings", "rejected_events", "identity_log"}
    assert steps | {"segment_membership", "profile_differences", "identity_suggestions"} <= set(dies.steps)
    assert (told["erased"], told["unproven"]) == ({}, {})
    assert (shop.directory / "erasures/lake").exists()
    assert shop.about(LONG) == {}
    assert set(shop.about(ID)) == {"identity_log"}
