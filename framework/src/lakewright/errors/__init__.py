"""Every exception that lakewright raises: one root, facts in, message out."""

from lakewright.errors.base import LakewrightError, Location

__all__ = ["LakewrightError", "Location"]
