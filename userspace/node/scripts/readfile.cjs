// SPDX-License-Identifier: MIT
//
// One fs.readFile() of /etc/passwd, for strace to look at: see test_scripts.py
// and docs/event-loop.md.
const fs = require('fs')
setTimeout(() => fs.readFile('/etc/passwd', () => {}), 20)
