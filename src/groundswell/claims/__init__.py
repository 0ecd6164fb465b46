"""Claims bound to evidence: what a claim says, how it is measured, and the verdict that follows."""
