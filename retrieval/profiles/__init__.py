"""What shoppers like: learned from their events, asked by candidates of a search."""
