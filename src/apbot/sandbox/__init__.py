"""Outside: stand-ins of the networks, and a page of phones. It knows nothing of the product."""
