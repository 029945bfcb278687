"""A mail server (aiosmtpd) that prints each mail it takes as a line of JSON, as Python's own parser reads it.

smtp_sink.py '{"port": 2525, "refuse": 2, "final": false, "user": "u", "password": "p", "cert": "c.pem", "key": "k.pem"}'
refuse: as many mails are answered 451 (550 where final) first. hang: connections are taken and never greeted.
"""
import asyncio
import base64
import email
import email.policy
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

options = json.loads(sys.argv[1])


def say(**what):
    print(json.dumps(what), flush=True)


class Handler:
    refusals = options.get("refuse", 0)

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if Handler.refusals > 0:
            Handler.refusals -= 1
            say(refused=address)
            return "550 no such mailbox" if options.get("final") else "451 come back later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        say(
            sender=envelope.mail_from,
            recipients=envelope.rcpt_tos,
            subject=mail["subject"],
            sender_name=mail["from"].addresses[0].display_name,
            to=mail["to"].addresses[0].addr_spec,
            id=mail["message-id"],
            date=str(mail["date"].datetime),
            auto=mail["auto-submitted"],
            defects=[str(d) for part in mail.walk() for d in part.defects],
            text=mail.get_body(("plain",)).get_content(),
            html=mail.get_body(("html",)).get_content(),
            files=[dict(name=part.get_filename(), type=part.get_content_type(), base64=base64.b64encode(part.get_content()).decode())
                   for part in mail.iter_attachments()],
            tls=session.ssl is not None,
            authenticated=session.authenticated,
        )
        return "250 OK"


def authenticate(server, session, envelope, mechanism, data):
    good = data.login == options["user"].encode() and data.password == options["password"].encode()
    return AuthResult(success=good)


def make():
    if options.get("hang"):
        return asyncio.Protocol()
    context = None
    if "cert" in options:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options["cert"], options["key"])
    login = "user" in options
    return SMTP(Handler(), hostname="localhost", tls_context=context, require_starttls=context is not None,
                authenticator=authenticate if login else None, auth_required=login, auth_require_tls=context is not None)


async def main():
    server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", options["port"])
    say(ready=True)
    await server.serve_forever()


asyncio.run(main())
