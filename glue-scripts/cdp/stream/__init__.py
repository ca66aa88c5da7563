"""The event stream, to which jobs send events of their own."""
