"""Who is qualified and near: reading directory files, places and distances, how reviews count, what can be checked.

Pure: files in, values out. The clinic's directory keeps them in its database and shows them.
"""

from __future__ import annotations

from opentraction.care.specialists.languages import spoken
from opentraction.care.specialists.lines import Source, open_source
from opentraction.care.specialists.listing import Deactivation, Held, Listing, folded
from opentraction.care.specialists.npi import is_npi, read_npi
from opentraction.care.specialists.places import MILE, Point, Where, box_around, distance, read_where, zip5, zip_codes
from opentraction.care.specialists.ranking import Rating, Summary, area_mean, bayesian_mean, summary, wilson_lower
from opentraction.care.specialists.reading import Report, open_reading
from opentraction.care.specialists.rules import checks, replies, reply
from opentraction.care.specialists.taxonomies import taxonomies

__all__ = [
    "MILE",
    "Deactivation",
    "Held",
    "Listing",
    "Point",
    "Rating",
    "Report",
    "Source",
    "Summary",
    "Where",
    "area_mean",
    "bayesian_mean",
    "box_around",
    "checks",
    "distance",
    "folded",
    "is_npi",
    "open_reading",
    "open_source",
    "read_npi",
    "read_where",
    "replies",
    "reply",
    "spoken",
    "summary",
    "taxonomies",
    "wilson_lower",
    "zip5",
    "zip_codes",
]
