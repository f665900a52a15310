"""The desk: the one facade that every interface uses to act and to read."""
