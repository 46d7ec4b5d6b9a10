"""Is the shopper's own order worth it? Judged queries of shoppers, answered as of their time, in several ways."""
