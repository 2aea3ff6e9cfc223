"""The face: jobs and their methods."""
