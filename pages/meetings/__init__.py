"""When people meet: who was asked, who came, and what was said."""
