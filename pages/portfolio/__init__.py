"""Portfolio: all dialogues of an organisation, filtered, sorted and in time."""
