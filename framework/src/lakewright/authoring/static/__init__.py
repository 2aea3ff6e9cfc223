"""Bodies read from their source: what tracing would record, without running them."""
