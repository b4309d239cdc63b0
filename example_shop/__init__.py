"""A small real shop that shows django_microseg at work. It uses only documented names."""
