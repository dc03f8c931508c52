"""What a repository offers and reads, gathered from its code: endpoints, settings, tables and more."""
