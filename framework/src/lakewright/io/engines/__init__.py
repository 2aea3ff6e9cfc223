"""One module a library that brings frames."""
