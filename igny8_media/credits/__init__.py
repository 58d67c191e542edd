"""Credits: what work costs, what is set aside for it, and the ledger of every one of them."""
