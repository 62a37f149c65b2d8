"""Figures: pure functions from a frame to a plotly figure as a plain dict; neither DuckDB nor Dash is imported here."""
