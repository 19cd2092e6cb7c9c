"""apbot asks providers for the register, and does not let go until every child is accounted for."""
