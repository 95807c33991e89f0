"""Work outside the request is a row first: outbox, retry, progress and dead letter in one table."""
