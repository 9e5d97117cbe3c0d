"""What may keep the program from working here: one small look at each thing, with the next step."""
