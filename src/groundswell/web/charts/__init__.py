"""Charts as SVG and Vega-Lite specifications."""
