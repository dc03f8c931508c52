"""The repository as a tree of modules, and a cited summary of each."""
