"""How a company looks to whoever opens its prints: logo, colours, words."""
