"""What an operator does with rules: check them, look at what they would do, publish them, go back."""
