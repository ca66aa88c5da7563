"""Brings single values into one form, as the stream does: texts, e-mail addresses, phones, numbers and message keys."""
