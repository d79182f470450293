"""SOAP over JMS for WSS4J: brings what comes by queues to its HTTP service, and what its HTTP client posts to queues.

bridge.py BROKER [QUEUE=URL ...]

BROKER is host:port, for a RabbitMQ before 4 with the user guest. Each QUEUE is served: a message is looked at as SOAP over JMS 1.0 says, posted to URL, and
answered to its reply-to. Standard output has "listening PORT", and then a line of JSON for every message that came. What is posted to
http://127.0.0.1:PORT/QUEUE goes to that queue, and the answer is the reply. It ends when its standard input does.
"""

import http.server
import json
import os
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
import uuid

from proton import Message, Terminus, byte, symbol
from proton.handlers import MessagingHandler
from proton.reactor import Container, LinkOption
from proton.utils import BlockingConnection

BYTES_MESSAGE = byte(3)
PATIENCE = 30


class Durable(LinkOption):
    """The broker declares a queue as the link says, and the other side wants it durable."""

    def apply(self, link):
        link.source.durability = Terminus.DELIVERIES
        link.target.durability = Terminus.DELIVERIES


def existing(queue):
    return queue if queue.startswith("/") else "/amq/queue/" + queue


def describe(message):
    """What a JMS provider would show of the message."""
    return {
        "id": message.id,
        "correlation": message.correlation_id,
        "replyTo": message.reply_to,
        "durable": message.durable,
        "jmsType": int((message.annotations or {}).get(symbol("x-opt-jms-msg-type"), -1)),
        "body": type(message.body).__name__,
        "length": len(message.body),
        "properties": dict(message.properties or {}),
    }


def post(url, octets, content_type, action):
    """Posts an envelope; a fault is an answer, too."""
    request = urllib.request.Request(url, octets, {"Content-Type": content_type, "SOAPAction": f'"{action or ""}"'})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            return response.read(), response.headers["Content-Type"], False
    except urllib.error.HTTPError as error:
        return error.read(), error.headers["Content-Type"], True


def soap(octets, content_type, **fields):
    """A BytesMessage with the properties of SOAP over JMS."""
    message = Message(body=bytes(octets), durable=True, id="ID:" + str(uuid.uuid4()), **fields)
    message.inferred = True
    message.content_type = content_type
    message.annotations = {symbol("x-opt-jms-msg-type"): BYTES_MESSAGE}
    message.properties = {"SOAPJMS_bindingVersion": "1.0", "SOAPJMS_contentType": content_type}
    return message


class Services(MessagingHandler):
    """The responding side of every queue."""

    def __init__(self, broker, urls):
        super().__init__(prefetch=1, auto_accept=False)
        self.broker = broker
        self.urls = urls

    def on_start(self, event):
        connection = event.container.connect(self.broker, user="guest", password="guest", allowed_mechs="PLAIN")
        for queue in self.urls:
            event.container.create_receiver(connection, queue, options=Durable())

    def on_message(self, event):
        message = event.message
        print(json.dumps(describe(message)), flush=True)
        properties = message.properties or {}
        if properties.get("SOAPJMS_bindingVersion") != "1.0" or "SOAPJMS_requestURI" not in properties:
            self.reject(event.delivery)
            return
        content_type = properties["SOAPJMS_contentType"]
        octets, reply_type, is_fault = post(
            self.urls[event.link.remote_source.address], bytes(message.body), content_type, properties.get("SOAPJMS_soapAction"))
        reply = soap(octets, reply_type, correlation_id=message.id)
        reply.properties["SOAPJMS_requestURI"] = properties["SOAPJMS_requestURI"]
        if is_fault:
            reply.properties["SOAPJMS_isFault"] = True
        sender = event.container.create_sender(event.connection, existing(message.reply_to))
        sender.reply = reply
        sender.request = event.delivery

    def on_sendable(self, event):
        reply, event.link.reply = getattr(event.link, "reply", None), None
        if reply is not None:
            event.link.send(reply)

    def on_accepted(self, event):
        self.accept(event.link.request)
        event.link.close()


class Requests(http.server.BaseHTTPRequestHandler):
    """The requesting side: HTTP in front, a queue behind."""

    broker = ""

    def do_POST(self):
        octets = self.rfile.read(int(self.headers["Content-Length"]))
        queue = self.path.strip("/")
        replies = "proton.replies." + str(uuid.uuid4())
        connection = BlockingConnection(self.broker, timeout=PATIENCE, user="guest", password="guest", allowed_mechs="PLAIN")
        try:
            receiver = connection.create_receiver(replies, options=Durable())
            request = soap(octets, self.headers["Content-Type"], reply_to=replies)
            request.properties["SOAPJMS_requestURI"] = "jms:queue:" + queue
            request.properties["SOAPJMS_soapAction"] = (self.headers["SOAPAction"] or "").strip('"')
            connection.create_sender(existing(queue)).send(request)
            while True:
                reply = receiver.receive(timeout=PATIENCE)
                receiver.accept()
                if reply.correlation_id == request.id:
                    break
        finally:
            connection.close()
        print(json.dumps(describe(reply)), flush=True)
        self.send_response(500 if reply.properties.get("SOAPJMS_isFault") else 200)
        self.send_header("Content-Type", reply.properties["SOAPJMS_contentType"])
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(bytes(reply.body))

    def log_message(self, *arguments):
        pass


def main():
    Requests.broker = sys.argv[1]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Requests)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    services = Container(Services(sys.argv[1], dict(argument.split("=", 1) for argument in sys.argv[2:])))
    threading.Thread(target=services.run, daemon=True).start()
    print("listening", server.server_address[1], flush=True)
    sys.stdin.read()
    os._exit(0)


main()
