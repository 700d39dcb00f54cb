"""Pure drawing: from arrays to rows of terminal cells."""
