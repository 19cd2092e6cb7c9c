"""apbot asks providers for the register, and does not let go until every child is accounted for."""

from apbot.spare import do_without, import_without

# What colours a terminal: for httpx's own command line, and for tracebacks that we print plainly.
import_without("httpx", "click")
import_without("structlog", "rich")

# httpx asks for it at every turn of every request, and Python looks for it on the disk every time.
do_without("sniffio")
