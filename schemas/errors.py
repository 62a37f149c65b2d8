"""The errors a user can cause: one family, each with its exit code.

The front door prints ``str(error)`` without a traceback and exits with ``error.exit_code``. Every message says where,
what was found, which rule, and what to do; anything else that is raised is a bug of ours and exits with 1.
"""

import zipfile
import zlib

# What zipfile raises on an archive that is damaged or made to deceive (IndexError: a member without a name).
DAMAGED_ZIP = (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError, ValueError, IndexError)


class ObservatoireError(Exception):
    """Base of every error a user can cause and mend."""

    exit_code = 1


class UsageError(ObservatoireError):
    """The command was called with something it cannot use: a missing path, an unknown feed, a malformed version."""

    exit_code = 2


class DataRejected(ObservatoireError):
    """A file breaks its contract: nothing was changed."""

    exit_code = 10


class ContractBroken(ObservatoireError):
    """A contract, a catalogue or a committed reference table contradicts itself."""

    exit_code = 11


class AuditFailed(ObservatoireError):
    """A release would let a protected value be found again."""

    exit_code = 12


class ReleaseConflict(ObservatoireError):
    """A release exists already, is incomplete, or may not bear that version."""

    exit_code = 13


class DiskRefused(ObservatoireError):
    """The disk, the system or a host of files refuses: full, read-only, not allowed, damaged."""

    exit_code = 14
