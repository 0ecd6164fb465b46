"""Commands, one file a noun. Heavy imports are made inside commands, so that ``--help`` stays fast."""
