"""Ten codes that open the second step of signing in once each, for when the phone is lost."""

from __future__ import annotations

import hashlib
import secrets
from base64 import b32encode

from django.conf import settings
from django.db import models

HOW_MANY = 10


class RecoveryCode(models.Model):
    """Kept hashed. A code is 80 random bits, which nobody guesses: a plain hash is as good as a slow one."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recovery_codes")
    sha256 = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "sha256"], name="one_recovery_code_once")]

    def __str__(self) -> str:
        return f"recovery code of {self.user.get_username()}"


def new_code() -> str:
    """As it is shown once: `ab3c-d4ef-gh5i-jk6l`."""
    plain = b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(plain[at : at + 4] for at in range(0, 16, 4))


def hash_of(code: str) -> str:
    """However it is typed: capitals, spaces and dashes do not count."""
    plain = "".join(letter for letter in code.lower() if letter.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
