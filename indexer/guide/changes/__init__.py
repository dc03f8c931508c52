"""What a range of commits changes: read, compared, weighed and told, with drafts about it."""
