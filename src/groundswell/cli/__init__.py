"""Commands: one file a noun; heavy imports are made inside commands, so that ``--help`` answers at once."""
