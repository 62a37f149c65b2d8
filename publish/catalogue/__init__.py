"""Catalogues that portals and search engines read: DCAT-AP 3, schema.org, the criteria of data.gouv.fr.

Everything is made from ``datapackage.json`` as plain values: no RDF library is needed to publish or to serve.
"""
