"""Evaluation: how well the search answers judged queries, where it fails, and whether a change is a gain."""
