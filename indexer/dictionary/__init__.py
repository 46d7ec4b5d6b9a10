"""Edits of dictionaries: what they would change, and the documents that follow them."""
