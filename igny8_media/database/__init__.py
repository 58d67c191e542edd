"""What people may change: which content there is, and the drafts made from it."""
