"""Stock Rasa as ``rasa init`` leaves it, with our data and rules: its environment, its project, its model, its processes."""
