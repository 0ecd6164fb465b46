"""What makes a claim, as written, unfit to be measured: found before anything is, one kind of mistake a module."""
