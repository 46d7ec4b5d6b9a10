"""What an operator rules about searches: which products stand where, and what is shown beside them."""
