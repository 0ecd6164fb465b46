"""``groundswell ledger``: what is on record of claims, and the tables of it."""
