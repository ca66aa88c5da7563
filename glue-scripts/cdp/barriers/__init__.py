"""Events of people who are erased or suppressed, which no job takes up."""
