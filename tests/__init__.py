"""The tests of django_microseg. They mirror the rooms of the package; `make test` runs them on every database."""
