"""The dictionaries of a shop: which there are, their versions, and what is read from them."""
