"""A dialogue: where it stands, its steps and windows, who has which role, its life."""
