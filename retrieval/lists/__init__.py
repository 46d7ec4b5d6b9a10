"""From matches to a page: select by filter → fuse and score → arrange in places → cut a page."""
