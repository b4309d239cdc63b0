"""Door: the HTTP API for storefronts that are made elsewhere. Needs the extra ``[api]``.

`django_microseg.urls` includes it below ``api/v1/`` where djangorestframework and drf-spectacular
are installed; nobody else imports it. What it answers stands in docs/api.md.
"""
