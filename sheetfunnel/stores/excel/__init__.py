"""Workbooks that are Excel files: read behind the guard, edited surgically, published whole or not at all."""
