"""Drivers, one a network, behind one protocol; found by the entry point `apbot.channels`."""
