"""A server on this machine that a test watches."""

import socket
import threading
from contextlib import contextmanager


@contextmanager
def listening(answer):
    """Its port, while each that comes is given to `answer`."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        ended = threading.Event()

        def listen():
            while not ended.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                with connection:
                    answer(connection)

        thread = threading.Thread(target=listen)
        thread.start()
        yield server.getsockname()[1]
        ended.set()
        thread.join(10)
