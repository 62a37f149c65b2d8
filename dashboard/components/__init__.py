"""Pieces pages are made of: plain HTML through Dash, no component that is not usable by keyboard."""
