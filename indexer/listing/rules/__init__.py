"""The rules of the listing check: each a file with a function, (product, context) → what is wrong with it."""
