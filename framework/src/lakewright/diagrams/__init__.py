"""Pictures of a DAG as text."""
