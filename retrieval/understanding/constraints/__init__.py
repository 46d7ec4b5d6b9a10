"""Conditions said in words: prices, amounts, negations, wishes, and what they do to a request."""
