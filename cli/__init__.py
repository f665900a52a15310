"""The command line: asks the desk, shows what it answers, and decides nothing."""
