"""Generated Databricks job definitions, executed on this machine: one process a task, started by its own argv."""
