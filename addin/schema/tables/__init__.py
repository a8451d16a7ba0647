"""A module for each table of the template, or for a few that belong together: TABLES holds what it declares."""
