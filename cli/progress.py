"""How far a rebuild is, as bars on the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn


class RichObserver:
    """A progress bar by bytes read, with documents a second and the time that is left."""

    def __init__(self) -> None:
        self._progress = Progress(
            SpinnerColumn(), TextColumn("{task.description:8}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"),
            TextColumn("{task.fields[rate]}"), TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(),
            console=Console(stderr=True),
        )  # fmt: skip
        self._task: TaskID | None = None
        self._documents = 0

    def __enter__(self) -> RichObserver:
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *exc: object) -> None:
        if self._task is not None and kind is not None:
            self._progress.remove_task(self._task)  # an error stands below what was done, not below half a bar
        else:
            self._complete()
        self._progress.stop()

    def stage(self, name: str, total: int) -> None:
        self._complete()
        self._documents = 0
        self._task = self._progress.add_task(name, total=total or None, rate="")

    def _complete(self) -> None:
        if self._task is not None:
            done = self._progress.tasks[self._task]
            self._progress.update(self._task, total=done.total or 1, completed=done.total or 1)

    def advance(self, read_bytes: int, documents: int) -> None:
        if self._task is None:
            return
        self._documents += documents
        elapsed = self._progress.tasks[self._task].elapsed or 0
        rate = f"{self._documents:,} documents, {self._documents / elapsed:,.0f}/s" if documents and elapsed else None
        if rate:
            self._progress.update(self._task, advance=read_bytes, rate=rate)
        else:
            self._progress.update(self._task, advance=read_bytes)
