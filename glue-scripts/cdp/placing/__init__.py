"""What a run of the job `identities` makes of people."""
