"""`python -m opentraction.app`."""

from __future__ import annotations

import sys

from opentraction.app.cli import main

sys.exit(main())
