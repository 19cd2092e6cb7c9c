"""The only memory: tables, migrations, and functions that find, keep, claim and save."""
