"""What can be measured: one declaration a file, in packages by kind, found by the registry."""
