"""Where numbers come from: one adapter a source, each giving ``Series`` with the instant every value became known."""
