"""From stored bytes to values: decoding, rescale, and filling the array of a volume."""
