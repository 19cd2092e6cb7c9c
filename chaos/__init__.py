"""Chaos: a school day is played while everything that can break is broken, and nothing is lost."""
