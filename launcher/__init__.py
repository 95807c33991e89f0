"""Everything `./run` does: make the environment, start the servers, supervise the demo, run the tests.

Nothing in the product imports this package. Modules used before the virtual environment exists
(`paths`, `progress`, `environment`, `debian`, `pango`, `commands`) need the standard library only.
"""
