"""Makes the demo company of its data, step by step, through the services."""
