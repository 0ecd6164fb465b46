"""The HTTP server below the application: connections, their deadlines and their number."""
