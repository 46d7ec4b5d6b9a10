"""Graded judgments: what a page shows that is no answer, what a divider keeps apart, and what `relevance` knows."""
