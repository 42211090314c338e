from __future__ import annotations

import os
from pathlib import Path

import pytest

from valeo.runtime.places import (
    MAX_SOCKET_PATH,
    SOCKET_NAME,
    Account,
    RuntimeProblem,
    home,
    may_enter,
    private_directory,
    server_account,
    socket_directory,
)

ME = Account("me", os.geteuid(), os.getegid(), switch=False)
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another user")


def test_data_lies_in_the_checkout_where_the_server_may_enter(tmp_path: Path) -> None:
    assert home(tmp_path, ME) == tmp_path / "pg"


@as_root
def test_data_lies_under_var_lib_where_the_servers_user_may_not_enter(tmp_path: Path) -> None:
    barred = tmp_path / "barred"
    barred.mkdir(mode=0o700)
    account = server_account()
    assert account.switch
    assert not may_enter(account, barred / "checkout" / ".valeo")
    assert home(barred, account).parent.parent == Path("/var/lib")
    assert home(barred, account) != home(barred / "other", account)
    assert barred.stat().st_mode & 0o777 == 0o700, "nothing opens the parent directory"


def test_a_long_path_gets_a_short_socket_directory(tmp_path: Path) -> None:
    near = tmp_path / "pg"
    assert socket_directory(near, tmp_path, ME) == near / "run"
    deep = tmp_path.joinpath(*["a-rather-long-directory-name"] * 4)
    short = socket_directory(deep / "pg", deep, ME)
    assert len(os.fsencode(short / SOCKET_NAME)) <= MAX_SOCKET_PATH
    assert short != socket_directory(deep / "b" / "pg", deep / "b", ME)


def test_a_private_directory_is_private(tmp_path: Path) -> None:
    directory = tmp_path / "run"
    private_directory(directory, ME)
    assert directory.stat().st_mode & 0o777 == 0o700
    directory.chmod(0o755)
    private_directory(directory, ME)
    assert directory.stat().st_mode & 0o777 == 0o700


def test_a_link_in_place_of_the_private_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "run").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RuntimeProblem, match="belongs to somebody else"):
        private_directory(tmp_path / "run", ME)
