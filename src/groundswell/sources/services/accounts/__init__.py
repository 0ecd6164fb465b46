"""Services that give the annual accounts of companies, and the parts of which these services are made."""
