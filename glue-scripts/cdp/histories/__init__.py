"""What new definitions need of people's events from before they were deployed."""
