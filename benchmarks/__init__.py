"""How long what people do most takes when the tables are large; run with ./run bench."""
