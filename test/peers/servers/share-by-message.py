"""A socket that one process sends to another, to which it is no relation: `take PATH` waits for it, `give PATH PORT` listens and sends it. Each writes its pid as JSON when it has it."""
import json
import os
import signal
import socket
import sys

role, path = sys.argv[1:3]
line = socket.socket(socket.AF_UNIX)
if role == "take":
    line.bind(path)
    line.listen()
    print(json.dumps({"pid": os.getpid()}), flush=True)
    giver, _ = line.accept()
    _, kept, _, _ = socket.recv_fds(giver, 1, 1)
    giver.send(b".")
else:
    server = socket.create_server(("127.0.0.1", int(sys.argv[3])))
    line.connect(path)
    socket.send_fds(line, [b"."], [server.fileno()])
    line.recv(1)
    print(json.dumps({"pid": os.getpid()}), flush=True)
signal.pause()
