"""Every exception that lakewright raises: one root, facts in, message out."""
