"""The contract between people and the program: tables without a file format."""
