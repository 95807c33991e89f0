"""The sponsor's portal: their own studies, and in them what was approved and published; nothing else exists there."""
