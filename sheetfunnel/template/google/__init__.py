"""The workbook as a Google Sheet: the one that is built for Excel, told in requests of one ``batchUpdate``.

Nothing here reaches the network: requests are plain values, and whoever has a connection sends them.
"""
