"""What belongs to no area: assets, the language, accessibility."""
