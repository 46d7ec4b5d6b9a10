"""A load of so many clients: threads that ask one query after the other until there are none left."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence


def drive(ask: Callable[[str], object], queries: Sequence[str], clients: int) -> tuple[list[float], float]:
    """Milliseconds of every request, and seconds for all, with so many threads asking at once."""
    spent: list[float] = []
    shared = iter(queries)
    lock = threading.Lock()

    def work() -> None:
        while True:
            with lock:
                query = next(shared, None)
            if query is None:
                return
            started = time.perf_counter()
            ask(query)
            spent.append((time.perf_counter() - started) * 1000)

    threads = [threading.Thread(target=work) for _ in range(clients)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return spent, time.perf_counter() - started
