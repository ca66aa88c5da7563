"""The lake's profiles compared with those that the stream stored, and events that correct the stream's."""
