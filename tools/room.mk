# SPDX-License-Identifier: MIT
# What the other rooms' results go through.

CHECKS += tools/test_tap.py tools/test_entry.py
