"""How late the flights that leave New York are, and why."""
