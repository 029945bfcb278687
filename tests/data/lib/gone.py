# A client of a stream whose machine is gone: gone.py PORT HOST PATH TOKEN opens it, says "open", and when it is told so ("go") lets
# everything that is sent to its socket get lost (a filter that passes no packet): nothing is confirmed, and nothing closed. At the end of
# its input it takes packets again and prints what there is.
import ctypes
import socket
import struct
import sys

SO_ATTACH_FILTER, SO_DETACH_FILTER = 26, 27
port, host, path, token = sys.argv[1:]
s = socket.create_connection(('127.0.0.1', int(port)))
s.sendall(f'GET {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {token}\r\n\r\n'.encode())
head = b''
while b'\r\n\r\n' not in head:
    head += s.recv(4096)
print('open', head.split()[1].decode(), flush=True)
sys.stdin.readline()
nothing = ctypes.create_string_buffer(struct.pack('HBBI', 6, 0, 0, 0))
s.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack('HL', 1, ctypes.addressof(nothing)))
print('gone', flush=True)
sys.stdin.read()
s.setsockopt(socket.SOL_SOCKET, SO_DETACH_FILTER, 0)
s.settimeout(20)
body = b''
try:
    while not body.endswith(b'0\r\n\r\n') and (part := s.recv(65536)):
        body += part
except OSError as error:
    print(error)
print(body.decode())
