"""Serves one index to editors and agents: Model Context Protocol over standard input and output.

A client of the engine like every front. Imported by `lorebase mcp` alone, since the library of the
protocol takes .5 s to load.
"""
