"""One module per kind of storage. Their SDKs stay in here."""
