"""The course of sessions: how it was planned and changed, what it advises next, and what was decided on it."""
