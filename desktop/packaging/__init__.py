"""Builds the application as a folder that needs no installed Python."""
