"""The workbook that people look at every day, built from the declaration and the catalogues."""
