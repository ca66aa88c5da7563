"""People who share no identifier and are probably one: which are compared, how alike they are, and which are linked."""
