"""What a job is: pure values and functions, without I/O and without third-party packages."""
