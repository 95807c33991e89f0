"""Pictures where people would rather look than read: values in, SVG and the same numbers as a table out."""
