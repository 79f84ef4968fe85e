"""Round trips of the documented form: a length of four bytes, then JSON, one request after the other.

    vendor_client.py PORT COUNT      prints the seconds that COUNT round trips took
"""
import json
import socket
import struct
import sys
import time

port, count = int(sys.argv[1]), int(sys.argv[2])
with socket.create_connection(("127.0.0.1", port)) as connection:

    def ask(number):
        message = {"target": "MAIN", "command": "GetActiveRoutine", "parameter": {}, "request_id": number}
        payload = json.dumps(message).encode("utf-8")
        connection.sendall(struct.pack(">I", len(payload)) + payload)
        (length,) = struct.unpack(">I", connection.recv(4))
        return json.loads(connection.recv(length).decode("utf-8"))

    for number in range(count // 10):
        ask(number)
    start = time.perf_counter()
    for number in range(count):
        if ask(number)["request_id"] != number:
            raise SystemExit("an answer to another request")
    print(time.perf_counter() - start)
