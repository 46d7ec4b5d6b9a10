"""A shopper's interest: what was done becomes a profile, and a profile moves places, never what is in a list."""
