"""Simulated nodes on a real bus: drive, load cells, switches with the guard's relay, and the physics behind them."""
