from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lakewright.dependencies.staging import staged


def test_a_folder_that_has_just_been_made_is_not_swept_by_the_one_beside_it(tmp_path: Path) -> None:
    def work(number: int) -> str:
        with staged(tmp_path) as folder:
            (folder / "mine").write_text(str(number), encoding="utf-8")
            return (folder / "mine").read_text(encoding="utf-8")

    with ThreadPoolExecutor(32) as pool:
        assert list(pool.map(work, range(2_000))) == [str(number) for number in range(2_000)]
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_has_left_is_swept(tmp_path: Path) -> None:
    (tmp_path / ".making-left" / "content").mkdir(parents=True)
    with staged(tmp_path) as folder:
        assert [path.name for path in tmp_path.iterdir()] == [folder.parent.name]
