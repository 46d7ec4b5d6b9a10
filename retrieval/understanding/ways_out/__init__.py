"""Why an answer is empty, and what to search instead."""
