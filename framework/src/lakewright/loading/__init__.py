"""The only importer of user code."""
