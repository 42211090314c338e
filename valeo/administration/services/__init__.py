"""Writing companies, members, periods and branding; each step is audited."""
