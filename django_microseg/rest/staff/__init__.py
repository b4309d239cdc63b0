"""The part of the HTTP API for staff: segments from draft to force, who is in them and why, and refreshes.

It says and does what the admin does, by the same functions. Whoever may do something in the admin may do it here.
"""
