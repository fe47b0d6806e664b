"""One file a command; each has `main(chosen) -> exit code`."""
