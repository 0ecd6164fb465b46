"""Words of headlines: tokens, stop words and weights, the same for stories and hubs."""
