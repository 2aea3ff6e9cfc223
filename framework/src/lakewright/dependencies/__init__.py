"""The packages that a job runs with: from archives, requirements and projects to wheels for the target."""
