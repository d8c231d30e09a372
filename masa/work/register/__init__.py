"""The register's pages in the admin, and its tables read from and written to spreadsheets.

It stands on this floor because it asks the one permission table (``masa/accounts``, floor 1) about the rows of
``masa/partnerships`` (floor 0), which may not import it. The rooms above register their own rows from here.
"""
