"""Races: time to accuracy of ours and of the peers, on the same rows and for the same objective."""
