"""The knowledge base written out: gathered as pages, rendered, and put into a folder whole or not at all."""
