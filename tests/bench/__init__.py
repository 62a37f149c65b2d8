"""Benchmarks: ratios measured in one run, with the machine and the versions they were measured on."""
