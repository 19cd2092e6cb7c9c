"""apbot asks providers for the register, and does not let go until every child is accounted for."""

from apbot.spare import import_without

# What colours a terminal: for httpx's own command line, and for tracebacks that we print plainly.
import_without("httpx", "click")
import_without("structlog", "rich")
