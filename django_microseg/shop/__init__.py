"""The only seam to the host shop."""
