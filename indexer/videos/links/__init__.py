"""Which product a moment of a video shows."""
