"""Reports: what the store holds, as rows for a person, a spreadsheet or another program."""
