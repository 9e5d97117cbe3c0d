"""What the program writes, one module for each tab: an assessment in the words of a language."""
