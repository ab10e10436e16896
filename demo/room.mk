# SPDX-License-Identifier: MIT
# The demo is a script; here is only its test.

VM_CHECKS += demo/test_demo.py
