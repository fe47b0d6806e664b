"""Who a session belongs to, read together with where they work: every page asks for both."""

from __future__ import annotations

from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User

from opentraction.clinic import roles


class KnownUser(ModelBackend):
    """Names and passwords as Django has them; who is signed in comes with their memberships, in one question."""

    def get_user(self, user_id: Any) -> User | None:
        """The user, if they may sign in."""
        rows = roles.memberships_of(user_id)
        if not rows:
            return super().get_user(user_id)
        user = rows[0].user
        user.memberships_read = rows  # type: ignore[attr-defined]
        return user if self.user_can_authenticate(user) else None

    async def aget_user(self, user_id: Any) -> User | None:
        """The same, asked on a thread."""
        found: User | None = await sync_to_async(self.get_user)(user_id)
        return found
