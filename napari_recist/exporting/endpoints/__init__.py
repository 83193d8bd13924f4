"""What the trial wanted to know: rates, times to events, and the tables that tell them."""
