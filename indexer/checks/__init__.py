"""Checks before publish: each a file with one function, context → what is wrong (empty when all is well)."""
