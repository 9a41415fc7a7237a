"""How many requests the whole stack answers, beside the least that could answer them."""
