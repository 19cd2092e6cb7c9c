"""Pure reading: a reply's text and its context in, what it means out. It never guesses."""
