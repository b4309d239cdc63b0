"""What `microseg_doctor` looks at: each probe answers in one line, and says what to do if it is ill."""

from __future__ import annotations

from .finding import Finding
from .run import examine

__all__ = ["Finding", "examine"]
