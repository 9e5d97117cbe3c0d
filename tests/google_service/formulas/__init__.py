"""Formulas: cut into tokens, read into a tree, evaluated over whole columns, and kept right."""
