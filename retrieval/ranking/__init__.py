"""Ranking: the order of a result list."""
