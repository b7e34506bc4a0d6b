"""The pages: for now the simulator, where anybody can try Signpost as a member of the public."""
