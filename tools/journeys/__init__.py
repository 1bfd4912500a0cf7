"""Events to journeys and steps, under a journey definition."""
