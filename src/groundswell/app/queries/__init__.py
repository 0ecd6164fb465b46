"""What each page and list reads from the store, one function a page."""
