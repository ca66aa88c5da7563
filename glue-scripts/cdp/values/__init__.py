"""Single values in one form, as the stream reads them: texts, e-mail addresses, phones, numbers and the key of a message."""
