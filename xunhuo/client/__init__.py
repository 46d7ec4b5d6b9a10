"""A client of the service: questions are values (`calls`), and a client sends them, now or awaited.

    from xunhuo.client import Client, calls

    with Client("http://127.0.0.1:8000") as shop:
        answer = shop.send(calls.search("保温杯", filters={"price": {"max": 100}}))
        for hit in answer.hits:
            print(hit.rank, hit.title, hit.price)

Nothing of the engine is imported. It needs the extra ``client`` (httpx).
"""

from xunhuo.client import calls
from xunhuo.client.awaited import AsyncClient
from xunhuo.client.blocking import Client
from xunhuo.client.call import Call
from xunhuo.client.errors import DeadlineExceeded, Refused, ServiceError, Unreachable, Unreadable

__all__ = [
    "AsyncClient", "Call", "Client", "DeadlineExceeded", "Refused", "ServiceError", "Unreachable", "Unreadable",
    "calls",
]  # fmt: skip
