"""What the force decides: the mandated guidance, its accounts, its approved helplines."""
