"""What is offered before and after a search: completions, what many search, what this shopper may want next."""
