"""The header of the public registry's file (npidata_pfile): 330 columns in their order.

Source: CMS, NPPES Data Dissemination Readme, 1 February 2025, exhibit 2-1, as read from a public copy, and the file as
remembered; no file of the registry itself was at hand. The reader goes by name, so that order does not matter.
"""

from __future__ import annotations

from typing import Final

TAXONOMIES: Final = 15
IDENTIFIERS: Final = 50
_NAME: Final = "Last Name", "First Name", "Middle Name", "Name Prefix Text", "Name Suffix Text", "Credential Text"


def _address(kind: str) -> tuple[str, ...]:
    parts = "City Name", "State Name", "Postal Code", "Country Code (If outside U.S.)", "Telephone Number", "Fax Number"
    lines = tuple(f"Provider {line} Line Business {kind} Address" for line in ("First", "Second"))
    return lines + tuple(f"Provider Business {kind} Address {part}" for part in parts)


def _taxonomy(n: int) -> tuple[str, ...]:
    return (
        f"Healthcare Provider Taxonomy Code_{n}",
        f"Provider License Number_{n}",
        f"Provider License Number State Code_{n}",
        f"Healthcare Provider Primary Taxonomy Switch_{n}",
    )


def _identifier(n: int) -> tuple[str, ...]:
    kinds = "Identifier", "Identifier Type Code", "Identifier State", "Identifier Issuer"
    return tuple(f"Other Provider {kind}_{n}" for kind in kinds)


HEADER: Final = (
    "NPI",
    "Entity Type Code",
    "Replacement NPI",
    "Employer Identification Number (EIN)",
    "Provider Organization Name (Legal Business Name)",
    "Provider Last Name (Legal Name)",
    *(f"Provider {part}" for part in _NAME[1:]),
    "Provider Other Organization Name",
    "Provider Other Organization Name Type Code",
    *(f"Provider Other {part}" for part in _NAME),
    "Provider Other Last Name Type Code",
    *_address("Mailing"),
    *_address("Practice Location"),
    "Provider Enumeration Date",
    "Last Update Date",
    "NPI Deactivation Reason Code",
    "NPI Deactivation Date",
    "NPI Reactivation Date",
    "Provider Sex Code",
    "Authorized Official Last Name",
    "Authorized Official First Name",
    "Authorized Official Middle Name",
    "Authorized Official Title or Position",
    "Authorized Official Telephone Number",
    *(name for n in range(1, TAXONOMIES + 1) for name in _taxonomy(n)),
    *(name for n in range(1, IDENTIFIERS + 1) for name in _identifier(n)),
    "Is Sole Proprietor",
    "Is Organization Subpart",
    "Parent Organization LBN",
    "Parent Organization TIN",
    "Authorized Official Name Prefix Text",
    "Authorized Official Name Suffix Text",
    "Authorized Official Credential Text",
    *(f"Healthcare Provider Taxonomy Group_{n}" for n in range(1, TAXONOMIES + 1)),
    "Certification Date",
)
"""The names, in the file's order. Until 2025 "Provider Sex Code" was called "Provider Gender Code"."""
