"""Reading a repository: git through an overlay, languages, chunks, secrets. Stores nothing."""
