"""stamps.py FOLDER: a time stamp server for packaging/test, with the key tsa.key and the certificate tsa.pem in FOLDER.

It prints the port that it listens on, and runs until it is killed.
"""

import http.server
import pathlib
import subprocess
import sys

folder = pathlib.Path(sys.argv[1])


class Stamps(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        (folder / "query").write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
        command = ["openssl", "ts", "-reply", "-config", folder / "tsa.conf", "-queryfile", folder / "query"]
        reply = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, *_):
        pass


(folder / "serial").write_text("01\n")
(folder / "tsa.conf").write_text(f"""[tsa]
default_tsa = test
[test]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
""")
server = http.server.HTTPServer(("127.0.0.1", 0), Stamps)
print(server.server_port, flush=True)
server.serve_forever()
