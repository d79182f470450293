"""A broker in memory that makes queues for whoever asks (dynamic sources), which go with the link that asked. It takes nothing for queues whose names
begin with "full.".

broker.py prints "listening PORT" and ends when its standard input does.
"""

import collections
import os
import socket
import sys
import threading
import uuid

from proton.handlers import MessagingHandler
from proton.reactor import Container


class Broker(MessagingHandler):
    def __init__(self, port):
        super().__init__(prefetch=0)
        self.port = port
        self.queues = collections.defaultdict(collections.deque)
        self.readers = collections.defaultdict(list)

    def on_start(self, event):
        event.container.listen(f"127.0.0.1:{self.port}")
        print("listening", self.port, flush=True)

    def on_link_opening(self, event):
        link = event.link
        if not link.is_sender:
            link.target.address = link.remote_target.address
            if not link.target.address.startswith("full."):
                link.flow(100)
            return
        if link.remote_source.dynamic:
            link.source.dynamic = True
        link.source.address = "dynamic." + uuid.uuid4().hex if link.remote_source.dynamic else link.remote_source.address
        self.readers[link.source.address].append(link)

    def on_message(self, event):
        address = event.link.target.address
        event.link.flow(1)
        self.queues[address].append(event.message)
        self.hand_out(address)

    def on_sendable(self, event):
        self.hand_out(event.link.source.address)

    def on_link_closing(self, event):
        self.forget(event.link)

    def on_session_closing(self, event):
        for reader in [reader for readers in self.readers.values() for reader in readers if reader.session == event.session]:
            self.forget(reader)

    def on_disconnected(self, event):
        for reader in [reader for readers in self.readers.values() for reader in readers if reader.connection == event.connection]:
            self.forget(reader)

    def forget(self, link):
        if link.is_sender and link in self.readers[link.source.address]:
            self.readers[link.source.address].remove(link)

    def hand_out(self, address):
        queue = self.queues[address]
        for reader in self.readers[address]:
            while queue and reader.credit:
                reader.send(queue.popleft())


with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    number = free.getsockname()[1]
threading.Thread(target=Container(Broker(number)).run, daemon=True).start()
sys.stdin.read()
os._exit(0)
