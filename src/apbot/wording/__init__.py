"""Pure wording: a script's name and facts in, the words that will be sent out."""
