"""A TCP link that can fail: what comes goes on, until the link is cut or swallows everything."""

import asyncio
import contextlib
import socket
import struct


def _reset(writer):
    """Without lingering, a socket that is closed sends a reset and no orderly end."""
    end = writer.get_extra_info("socket")
    if end is not None:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


class Relay:
    """Listens at self.port and connects to the port given, anew for every connection."""

    def __init__(self, port):
        self._target = port
        self._streams = set()
        self._tasks = set()
        self._swallows = False

    async def start(self):
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def close(self):
        self._server.close()
        self.cut()

    def cut(self):
        """Every connection ends at once, on both sides, by reset."""
        for writer in list(self._streams):
            _reset(writer)

    def swallow(self, on=True):
        """From now on what comes is read and forgotten, in both directions, and nobody is told."""
        self._swallows = on

    async def _accept(self, reader, writer):
        try:
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
