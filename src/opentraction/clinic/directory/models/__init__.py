"""What the directory keeps. Listings are public data and come in bulk; checks and reviews are acts, one by one."""

from __future__ import annotations

from opentraction.clinic.directory.models.check import CredentialCheck
from opentraction.clinic.directory.models.import_run import ImportRun
from opentraction.clinic.directory.models.place import Place
from opentraction.clinic.directory.models.profile import Offer, Profile
from opentraction.clinic.directory.models.review import Review
from opentraction.clinic.directory.models.specialist import Profession, Specialist

__all__ = ["CredentialCheck", "ImportRun", "Offer", "Place", "Profession", "Profile", "Review", "Specialist"]
