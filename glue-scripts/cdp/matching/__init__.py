"""People who share no identifier and are probably one: whom to compare, how alike they are, and whom to link."""
