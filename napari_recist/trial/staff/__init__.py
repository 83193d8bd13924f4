"""Who works on the trial: people, roles, passwords, and what each may do."""
