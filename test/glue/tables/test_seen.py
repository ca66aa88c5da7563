"""The name of a job's code, by which it knows that it may decide otherwise than before."""

import zipfile
from pathlib import Path

from cdp.tables.seen import code, contents

FILES = {"cdp/a.py": "one", "cdp/folder/b.json": "{}"}


def package(directory: Path, name: str, files: dict[str, str]) -> list[list[bytes]]:
    """What a package has, once as a folder and once in an archive."""
    for path, text in files.items():
        place = directory / name / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    with zipfile.ZipFile(directory / f"{name}.zip", "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    places = (directory / name / "cdp", zipfile.Path(directory / f"{name}.zip", "cdp/"))
    return [list(contents(place)) for place in places]


def test_any_file_of_the_package_counts_and_what_python_makes_of_it_does_not(tmp_path):
    first = package(tmp_path, "first", FILES)
    assert first == package(tmp_path, "compiled", FILES | {"cdp/__pycache__/a.pyc": "made"})
    assert first[0] == first[1]
    others = (
        FILES | {"cdp/a.py": "other"},
        FILES | {"cdp/folder/b.json": "[]"},
        FILES | {"cdp/folder/c.json": "{}"},
        {"cdp/a.py": "one", "cdp/folder/d.json": "{}"},
    )
    for number, files in enumerate(others):
        assert package(tmp_path, f"other{number}", files)[0] != first[0]


def test_the_script_of_the_job_counts(tmp_path):
    names = []
    for number, text in enumerate(("one", "other", "one")):
        (tmp_path / f"{number}.py").write_text(text)
        names.append(code(str(tmp_path / f"{number}.py")))
    assert names[0] == names[2] != names[1]
