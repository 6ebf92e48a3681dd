"""A mail server for tests: aiosmtpd, which answers as the recipient's address asks it to, and keeps what it takes.

Usage: server.py FOLDER [--tls MODE CERTIFICATE KEY] [--user USER PASSWORD]

Each mail that it took is a file of JSON in FOLDER. It listens on a free port of loopback, writes that as its first line, and ends when
its standard input does. A word after a `+` in the recipient's local part says what happens to a mail to it:

busyN    451 to its first N recipients, then it is taken
unknown  550 to the recipient
full     452 to the data
refused  554 to the data
stall    no answer to the data, the first time
drop     taken, and the connection closed instead of an answer, the first time
"""

import argparse
import asyncio
import json
import os
import ssl
import sys
import threading
from collections import Counter

from aiosmtpd.smtp import SMTP, AuthResult


class Handler:
    def __init__(self, folder):
        self.folder = folder
        self.taken = 0
        self.seen = Counter()

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        word = word_of(address)
        self.seen[address] += 1
        if word.startswith("busy") and self.seen[address] <= int(word[4:]):
            return f"451 4.3.2 <{address}>: try again later"
        if word == "unknown":
            return f"550 5.1.1 <{address}>: no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        address = envelope.rcpt_tos[0]
        word = word_of(address)
        if word == "full":
            return "452 4.2.2 mailbox full"
        if word == "refused":
            return "554 5.7.1 refused"
        if word == "stall" and self.seen[address] == 1:
            await asyncio.sleep(3600)
        self.keep(server, session, envelope)
        if word == "drop" and self.seen[address] == 1:
            server.transport.abort()
            return "451 nobody hears this"
        return "250 2.0.0 taken"

    def keep(self, server, session, envelope):
        self.taken += 1
        mail = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "encrypted": server.transport.get_extra_info("ssl_object") is not None,
            "user": session.auth_data.login.decode() if session.auth_data else None,
            "hello": session.host_name,
            "data": envelope.content.hex(),
        }
        path = os.path.join(self.folder, f"{self.taken:06}.json")
        with open(path + ".part", "w", encoding="utf-8") as file:
            json.dump(mail, file)
        os.rename(path + ".part", path)


def word_of(address):
    local = address.rsplit("@", 1)[0]
    return local.split("+", 1)[1] if "+" in local else ""


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--tls", nargs=3)
    parser.add_argument("--user", nargs=2)
    arguments = parser.parse_args()
    handler = Handler(arguments.folder)
    options = {"hostname": "mail.example.com", "enable_SMTPUTF8": True}
    wrapper = None
    if arguments.tls:
        mode, certificate, key = arguments.tls
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        if mode == "starttls":
            options.update(tls_context=context, require_starttls=True)
        else:
            wrapper = context
    if arguments.user:
        user, password = (text.encode() for text in arguments.user)

        def authenticate(server, session, envelope, mechanism, login):
            good = (login.login, login.password) == (user, password)
            return AuthResult(success=good, handled=False, auth_data=login if good else None)

        options.update(authenticator=authenticate, auth_required=True, auth_require_tls=wrapper is None)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, loop=loop, **options), "127.0.0.1", 0, ssl=wrapper)
    print(server.sockets[0].getsockname()[1], flush=True)
    threading.Thread(target=end_with_input, daemon=True).start()
    await server.serve_forever()


def end_with_input():
    sys.stdin.read()
    os._exit(0)


asyncio.run(main())
