"""Measurements: each prints figures of one run, with a ratio wherever machines differ."""
