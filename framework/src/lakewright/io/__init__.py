"""Where outputs are kept and read again: managers, formats, commit records."""
