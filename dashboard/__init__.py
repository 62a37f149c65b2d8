"""The site: pages, figures and downloads, read from a folder of releases and from nothing else."""
