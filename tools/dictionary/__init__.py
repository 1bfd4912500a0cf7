"""What things are called: touchpoints, pages, campaigns and channels, and the user's rules for them."""
