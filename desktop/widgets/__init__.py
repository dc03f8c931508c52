"""Small widgets, each fed by one dataclass or plain values, and tested alone."""
