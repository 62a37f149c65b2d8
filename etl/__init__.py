"""From feed files to observations: validation, snapshots, build, statistics, simulation."""
