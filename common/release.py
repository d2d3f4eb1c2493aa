"""The release of the suite, as its distribution tells it."""

from importlib.metadata import PackageNotFoundError, version


def release() -> str:
    """Returns the installed distribution's version; `unreleased` where it runs from a bare checkout."""
    try:
        return version("tmf-reference-suite")
    except PackageNotFoundError:
        return "unreleased"
