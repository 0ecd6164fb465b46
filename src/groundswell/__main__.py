"""``python -m groundswell`` is the command ``groundswell``."""

from groundswell.cli.main import main

main()
