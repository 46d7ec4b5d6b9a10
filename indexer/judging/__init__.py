"""Judgments of what queries find: pools, two judges blind to each other, their agreement, and files for evaluation."""
