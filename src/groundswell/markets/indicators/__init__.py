"""Daily indicators computed from series: breadth, concentration, the policy path and others."""
