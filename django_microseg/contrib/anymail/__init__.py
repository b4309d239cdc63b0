"""What became of mails, from any mailing service that django-anymail understands. Needs the extra [mail].

Put ``django_microseg.contrib.anymail`` into INSTALLED_APPS behind ``anymail``, and its webhook into your URLs
(docs/mail.md).
"""
