"""What code can say of the user's repository: brief, memory files, snapshots."""
