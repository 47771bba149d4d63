"""What is on disk: log, blobs, configuration, prices, trust."""
