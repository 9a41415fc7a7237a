"""Keys with which programs use the API in a company's name."""
