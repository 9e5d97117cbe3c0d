"""A simulated practice: what a way of spending the week does to income, and what the forecast sees of it."""
