"""The demo: a bundled repository and a provider on loopback that plays recorded replies."""
