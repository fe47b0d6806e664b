"""One treatment from strap to release: the tick, the conductor, documents to listeners, the recording, its reader, the
report.
"""
