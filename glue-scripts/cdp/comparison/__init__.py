"""The lake's profiles compared with those that the stream stored, and the events that correct the stream's."""
