"""What an interest is worth, learned from what shoppers clicked of what they were shown."""
