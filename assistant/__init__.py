"""The conversation: model choice, agent, built-in analyst, number guard, memory."""
