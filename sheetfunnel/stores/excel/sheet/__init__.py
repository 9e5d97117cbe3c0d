"""One sheet: its planned cells replaced as it streams through, every other byte kept."""
