"""The HTTP interface, one router a module; documents equal to those of the command line."""
