"""What may not be seen any more, whatever generation serves: people say so, the journal keeps it, readers obey it."""
