"""Territories: official codes, hierarchy, populations by year, neighbours, boundaries."""
