"""Files that staff upload in the admin: mapped, tried out, imported."""
