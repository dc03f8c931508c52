"""What is kept: the catalog, what people made, words, vectors, and the job that fills them."""
