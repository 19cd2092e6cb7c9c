"""Files a person writes, as checked values; every error names file and line."""
