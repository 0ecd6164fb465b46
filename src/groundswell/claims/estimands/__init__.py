"""What can be measured: one declaration a file, found by the registry."""
