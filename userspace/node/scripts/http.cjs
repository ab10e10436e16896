// SPDX-License-Identifier: MIT
//
// A server for one HTTP request, for strace to look at: see test_scripts.py
// and docs/event-loop.md. Ends after it.
const http = require('http')

const server = http.createServer((request, response) => {
	response.end('hello\n')
	server.close()
})
server.listen(8080, '127.0.0.1', () => console.log('listening'))
