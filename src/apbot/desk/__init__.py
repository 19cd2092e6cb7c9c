"""One happening, one transaction: fetch, read, decide, word, save."""
