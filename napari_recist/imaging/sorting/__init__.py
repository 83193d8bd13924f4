"""From images to volumes: what belongs together, in which order, and how that is proven."""
