"""A table on a CANopen bus: a CiA 402 drive, CiA 404 load cells, switches; SocketCAN, or a hub between processes."""
