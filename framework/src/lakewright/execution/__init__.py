"""Running jobs: on this machine as a whole, or one task in a process of its own."""
