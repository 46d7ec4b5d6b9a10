"""Livestreams as they are now: which room is on air, which product is on its screen, and what that moves."""
