"""A TCP link that can fail: what comes goes on, until the link is cut, is down, or swallows everything."""

import asyncio
import contextlib
import socket
import struct
import threading


class Relay:
    """Listens at self.port and connects to the port given, anew for every connection; in a thread of its own."""

    def __init__(self, port):
        self._target = port
        self._streams = set()
        self._tasks = set()
        self._swallows = False
        self._open = True
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        server = self._wait(asyncio.start_server(self._accept, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]

    def cut(self):
        """Every connection ends at once, on both sides, by reset."""
        self._wait(self._reset_all())

    def down(self):
        """Cut, and whoever connects is turned away until up()."""
        self._open = False
        self.cut()

    def up(self):
        self._open = True

    def swallow(self, on=True):
        """From now on what comes is read and forgotten, in both directions, and nobody is told."""
        self._swallows = on

    def _wait(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    async def _reset_all(self):
        for writer in list(self._streams):
            _reset(writer)

    async def _accept(self, reader, writer):
        try:
            if not self._open:
                raise ConnectionRefusedError
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            _reset(writer)
            return
        self._streams |= {writer, far_writer}
        for source, sink in ((reader, far_writer), (far_reader, writer)):
            task = asyncio.create_task(self._pump(source, sink))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pump(self, source, sink):
        with contextlib.suppress(OSError):
            while data := await source.read(65536):
                if not self._swallows:
                    sink.write(data)
                    await sink.drain()
        if not self._swallows:
            sink.close()
        self._streams.discard(sink)


def _reset(writer):
    """Without lingering, a socket that is closed sends a reset and no orderly end."""
    end = writer.get_extra_info("socket")
    if end is not None:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
