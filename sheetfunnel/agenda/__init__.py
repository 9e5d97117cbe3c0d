"""The week's hours as blocks in a person's working times, for their own calendar."""
