"""The week as a letter: what to do first, what moved and what went quiet, for a screen, a page or a mail."""
