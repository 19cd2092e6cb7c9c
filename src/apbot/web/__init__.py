"""The web half: hooks, health, metrics and pages."""
