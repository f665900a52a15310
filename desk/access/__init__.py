"""Access: who comes in over the network, what they may, and what is refused them."""
