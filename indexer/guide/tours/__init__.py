"""Routes through a codebase for a newcomer, and the walks that people take along them."""
