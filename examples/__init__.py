"""Real dialogues, re-enacted: data to play, a player, and what must hold afterwards."""
