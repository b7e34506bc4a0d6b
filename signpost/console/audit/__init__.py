"""The audit trail, to read and to filter, and whether its chain holds."""
