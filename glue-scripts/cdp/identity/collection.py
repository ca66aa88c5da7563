"""What profiles are of: people, or accounts."""

USERS, ACCOUNTS = "users", "accounts"
