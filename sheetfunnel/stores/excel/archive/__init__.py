"""The zip file around a workbook: its entries read in pieces, and written anew."""
