"""Settings of all tests."""

import os

from hypothesis import settings

# CI tries the same examples every time, so that a red run means the change; a developer's runs
# try new ones.
settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
if os.environ.get("CI"):
    settings.load_profile("ci")
