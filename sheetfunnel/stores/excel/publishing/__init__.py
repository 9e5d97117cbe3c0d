"""A new file put in the place of the old: locks, reading back, backups, replacing."""
