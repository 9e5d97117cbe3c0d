"""Other people's tables become our objectives: survey a file, agree to the proposal, take its rows."""
