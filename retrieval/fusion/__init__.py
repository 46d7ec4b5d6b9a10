"""Fusion: several channels' scores of the same rows → one score. A fuser is a pure function made by a factory."""
