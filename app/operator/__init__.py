"""What the operator sees and does above companies."""
