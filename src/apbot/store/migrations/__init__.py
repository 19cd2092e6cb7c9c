"""The database's shapes, one step a file, in number order. A merged step is never edited."""
