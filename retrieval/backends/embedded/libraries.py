"""The libraries that write files of their own format, and what to say when they cannot read them."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version

_PACKAGES = {"tantivy": ("tantivy",), "faiss": ("faiss-cpu", "faiss-gpu", "faiss")}
"""Library → packages that bring it."""


def versions() -> dict[str, str]:
    """Library → the version that is installed."""
    return {library: _version(packages) for library, packages in _PACKAGES.items()}


def differences(written: Mapping[str, str]) -> str:
    """Which libraries wrote a generation in another version than is installed, as words in brackets; else nothing."""
    now = versions()
    other = [f"{name} {was}, this is {now[name]}" for name, was in sorted(written.items()) if now.get(name, was) != was]
    return f" (it was written by {'; '.join(other)})" if other else ""


def _version(packages: tuple[str, ...]) -> str:
    for package in packages:
        try:
            return version(package)
        except PackageNotFoundError:
            continue
    return "unknown"
