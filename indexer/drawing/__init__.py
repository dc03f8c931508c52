"""Pictures of a repository as plain geometry: where each rectangle and line goes. Knows no Qt, no index."""
