"""The attacker: tries to undo the protection of a release with all a reader can download, and says whether it can.

It shares no code with the protection (``publish.disclosure``), and reads nothing but files of releases.
"""

from publish.audit.history import audit_published, earlier_releases
from publish.audit.verdict import REPORT, Verdict, audit, inspect

__all__ = ["REPORT", "Verdict", "audit", "audit_published", "earlier_releases", "inspect"]
