"""Search, page, say what was clicked: python examples/client.py [URL [QUERY]], after pip install 'xunhuo[client]'."""

import sys
import time

from xunhuo.client import Client, Refused, calls

url = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
query = sys.argv[2] if len(sys.argv) > 2 else "保温杯"
with Client(url, timeout=3.0) as shop:
    asked = calls.search(query, filters={"price": {"max": 100}}, size=5, session_id="example")
    for page in shop.pages(asked):
        for hit in page.hits:
            print(f"{hit.rank:>3}  {hit.price or 0:>8.2f}  {'≈' if hit.near else ' '} {hit.title}")
        if page.hits and page.hits[-1].rank >= 10:
            break
    if page.hits:
        first = page.hits[0].id
        click = {"ts": time.time(), "type": "click", "session_id": "example", "item_id": first, "query": query}
        print("kept:", shop.send(calls.events([click])).accepted)
    try:
        shop.send(calls.product("no-such-product"))
    except Refused as refused:
        print(refused.code)
