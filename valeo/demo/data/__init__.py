"""What the demo company consists of: plain data, invented from end to end."""
