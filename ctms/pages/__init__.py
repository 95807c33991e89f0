"""Pages from declarations: lists, records, forms, moves, history, exports; the API serves the same ones."""
