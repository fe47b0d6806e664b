"""Every course that control, guard, drive, stops and cells can take together, with up to three faults, walked."""
