"""Where plugs meet sockets: settings, command line, process start. Imported by nobody."""
