"""What the mall recommends by itself: a feed, things like a thing, and queries like a query."""
