from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from archive.storage import WriteOnceStorage


@pytest.fixture
def storage(tmp_path: Path) -> WriteOnceStorage:
    return WriteOnceStorage(location=str(tmp_path / "store"))


def test_a_file_is_written_once(storage: WriteOnceStorage) -> None:
    assert storage.save("a/b.pdf", ContentFile(b"one")) == "a/b.pdf"
    assert storage.save("a/b.pdf", ContentFile(b"one")) == "a/b.pdf", "the same bytes again are no fault"
    with pytest.raises(FileExistsError):
        storage.save("a/b.pdf", ContentFile(b"two"))
    with storage.open("a/b.pdf") as file:
        assert file.read() == b"one"
    assert storage.names() == ["a/b.pdf"], "nothing else is left behind"


def test_it_is_read_only_on_disk_and_cannot_be_deleted(storage: WriteOnceStorage) -> None:
    storage.save("a/b.pdf", ContentFile(b"one"))
    assert Path(storage.path("a/b.pdf")).stat().st_mode & 0o222 == 0
    with pytest.raises(PermissionError):
        storage.delete("a/b.pdf")
    assert storage.exists("a/b.pdf")
