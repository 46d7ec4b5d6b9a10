"""What the events of shoppers say to operators: what each field brings, and which queries lead to nothing."""
