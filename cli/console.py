"""How every command ends: its exit code, and one clear message for an expected error.

0  done
1  something nobody expected (a bug; with a traceback)
2  bad usage, settings, lexicon or input file
3  a check failed: nothing was published, the old generation goes on serving
4  what was asked for is not there: no generation, no product, no encoder
5  the machine refused: disk full, no permission, address in use
"""

from __future__ import annotations

import errno
import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which

import typer

from configs.settings import ConfigError
from retrieval import errors

EXIT_CODES: dict[type[Exception], int] = {
    ConfigError: 2,
    errors.SettingsError: 2,
    errors.LexiconError: 2,
    errors.InputError: 2,
    errors.InvalidRequest: 2,
    errors.CheckFailed: 3,
    errors.GenerationError: 4,
    errors.NotFound: 4,
    errors.NotReady: 4,
    errors.EncoderError: 4,
    errors.StorageError: 5,
    errors.XunhuoError: 2,
    OSError: 5,
}

_SPACE, _RIGHTS = "free some space, or use another --data-dir", "check who may read and write there"
_HINTS = {
    errno.ENOSPC: _SPACE, errno.EDQUOT: _SPACE, errno.EFBIG: _SPACE,
    errno.EACCES: _RIGHTS, errno.EPERM: _RIGHTS, errno.EROFS: _RIGHTS,
}  # fmt: skip
"""What to do when the operating system refuses."""


DEMO = Path("data/demo")
"""Where `xunhuo demo` builds its mall, unless told otherwise."""


def account() -> str:
    """Who says so, for histories: the account of this machine."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may have no account
        return "xunhuo"


def called() -> str:
    """How this command was called, to be typed again: ``xunhuo``, or its path where no folder of PATH holds it."""
    name = Path(sys.argv[0]).name
    found = which(name)
    return name if found and Path(found).resolve() == Path(sys.argv[0]).resolve() else sys.argv[0]


@contextmanager
def clear_errors() -> Iterator[None]:
    """Ends the command with the message and the exit code of an expected error.

    Raises:
        typer.Exit: with the code.
    """
    try:
        yield
    except (*EXIT_CODES,) as error:
        hint = _HINTS.get(error.errno or 0) if isinstance(error, OSError) else None
        if isinstance(error, errors.NotReady) and (DEMO / "CURRENT").exists():
            hint = f"the demo mall lies in {DEMO}: {called()} {' '.join(sys.argv[1:2])} … --data-dir {DEMO}"
        typer.echo(f"Error: {error}" + (f"\n  → {hint}" if hint else ""), err=True)
        code = next(code for kind, code in EXIT_CODES.items() if isinstance(error, kind))
        raise typer.Exit(code) from None
