"""Mail servers on this machine for scripts/check-smtp: each on a port of its own, which the first line printed tells.

What arrives is read with Python's own mail parser and written to <folder>/<message-id>.json before it is accepted.
Recipients decide: plus-tard@… gets 451, jamais@… gets 550. The servers end when standard input does.
"""

import argparse
import asyncio
import email
import email.policy
import hashlib
import json
import pathlib
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

USER, PASSWORD = b"guichet", b"mot de passe \xc3\xa9"


class Handler:
    def __init__(self, folder):
        self.folder = folder

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("plus-tard@"):
            return f"451 4.2.0 <{address}> try again later"
        if address.startswith("jamais@"):
            return f"550 5.1.1 <{address}> unknown"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
        parsed = {
            "is_encrypted": server.transport.get_extra_info("sslcontext") is not None,
            "is_authenticated": bool(session.authenticated),
            "mail_from": envelope.mail_from,
            "rcpt_tos": envelope.rcpt_tos,
            "defects": [str(defect) for part in message.walk() for defect in part.defects],
            "headers": {name: str(value) for name, value in message.items()},
            "text": message.get_body(("plain",)).get_content(),
            "html": message.get_body(("html",)).get_content(),
            "files": [
                {"name": part.get_filename(), "type": part.get_content_type(), "text": part.get_content()}
                for part in message.iter_attachments()
            ],
        }
        name = hashlib.sha256(message["Message-ID"].encode()).hexdigest()
        unfinished = self.folder / f".{name}"
        unfinished.write_text(json.dumps(parsed, ensure_ascii=False), encoding="utf-8")
        unfinished.rename(self.folder / f"{name}.json")
        return "250 OK"


def authenticate(server, session, envelope, mechanism, data):
    is_right = (data.login, data.password) == (USER, PASSWORD)
    return AuthResult(success=is_right, handled=False)


def context(folder, name):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(folder / f"{name}.pem", folder / f"{name}.key")
    return made


async def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("certificates", type=pathlib.Path)
    arguments.add_argument("folder", type=pathlib.Path)
    options = arguments.parse_args()
    loop = asyncio.get_running_loop()
    handler = Handler(options.folder)
    secure = {"authenticator": authenticate, "auth_required": True, "timeout": 30}

    async def listen(encryption=None, **more):
        server = await loop.create_server(lambda: SMTP(handler, **more), "127.0.0.1", 0, ssl=encryption)
        return server.sockets[0].getsockname()[1]

    def starttls(name):
        return listen(tls_context=context(options.certificates, name), require_starttls=True, **secure)

    ports = {
        "starttls": await starttls("right"),
        "other-name": await starttls("other-name"),
        "other-ca": await starttls("other-ca"),
        "tls": await listen(context(options.certificates, "right"), auth_require_tls=False, **secure),
        "plain": await listen(),
    }
    print(json.dumps(ports), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
