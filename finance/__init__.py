"""The sponsor's budget and the sites' payments; the room is kept in the import contract, its records come later."""
