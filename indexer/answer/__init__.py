"""From a question to ranked hits, cited statements and a verdict."""
