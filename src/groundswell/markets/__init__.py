"""What markets did: sessions, series, policy events and the returns around them. Pure: no clock, no network."""
