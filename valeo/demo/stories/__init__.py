"""What happened at the demo company in its last weeks, told in the order of the days."""
