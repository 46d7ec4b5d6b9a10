"""What changes between two rebuilds: a journal of it, and what a reader sees of it."""
