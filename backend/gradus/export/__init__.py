"""What a plan becomes elsewhere: text that other programs read. Nothing here computes."""
