"""Words, numbers and source lines as people read them; pure functions on the ground floor."""
