"""The suite: real files, real processes, real HTTP over loopback."""
