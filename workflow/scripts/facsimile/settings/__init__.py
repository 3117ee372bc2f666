"""A study's settings: what they mean, what is allowed, and the rows that they name."""
