"""Reading files: the guard, the values of workbooks and of delimited text. Values out, no meaning yet."""
