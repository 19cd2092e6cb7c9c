"""Pure rules: what registers, marks, cases and policies are, and what follows from a happening."""
