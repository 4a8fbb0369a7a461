"""Text messages by SMPP 3.4, through the extra `smpplib`: one bind a batch, one submit_sm a part.

`smpp://user:password@host:2775/?from=CampusCard`: the default sender, a number or a name of at most 11 letters.
`system_type=` is what the carrier wants to hear in the bind; `tls=1` encrypts, else the line must be private.
"""

import socket
import ssl
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from smpplib import consts, exceptions, smpp
from smpplib.client import Client

from messaging.gateways.addresses import Address
from messaging.gateways.cutting_off import cut_off
from messaging.gateways.exchange import ANSWER_SECONDS, SOCKET_SECONDS, shut
from messaging.gateways.gateway import (
    ConnectionLost,
    Gateway,
    GatewayFailure,
    GatewayRefused,
    GatewayUnavailable,
    GatewayUnfit,
    Sms,
)
from messaging.gateways.short_message import short_message

REFUSED = {consts.SMPP_ESME_RINVDSTADR, consts.SMPP_ESME_RX_P_APPN, consts.SMPP_ESME_RX_R_APPN}
UNFIT = {consts.SMPP_ESME_RINVMSGLEN, consts.SMPP_ESME_RINVSRCADR}
"""SMPP 3.4, 5.1.3; every other status, such as RTHROTTLED and RMSGQFUL, may pass."""
SILENT = "smpplib.silent"  # one for all clients: the library would make one for each, for ever
NAME, NUMBER, SHORT_CODE = (5, 0), (1, 1), (3, 0)  # type of number and numbering plan (5.2.5, 5.2.6)


class SmppGateway(Gateway[Sms]):
    name = "smpp"
    longest = 3 * ANSWER_SECONDS  # over a kept session that ends instead of answering, and then over a new one

    def __init__(self, url: str) -> None:
        self.address = Address(urlsplit(url), "smpp://user:password@host:2775/", {"from", "system_type", "tls"})
        self.client: Client | None = None

    def open(self) -> None:
        client = self.client = self._client()
        try:
            with cut_off(ANSWER_SECONDS, self._shut):
                client.connect()
                client.bind_transmitter(
                    system_id=self.address.user,
                    password=self.address.password,
                    system_type=self.address.options.get("system_type", ""),
                )
        except exceptions.PDUError as error:
            # About our account, and so never final.
            raise GatewayUnavailable(f"cannot bind: {_status_name(error.args[-1])}") from None
        except Exception as error:
            raise GatewayUnavailable(f"cannot connect: {type(error).__name__}") from None

    def close(self) -> None:
        client, self.client = self.client, None
        if client is not None:
            with suppress(Exception):
                client.send_pdu(smpp.make_pdu("unbind", client=client))
            with suppress(Exception):
                client.disconnect()

    def hand_over(self, parcel: Sms) -> str:
        sender = parcel.sender_name or self.address.options.get("from", "")
        message = short_message(parcel.text, parcel.idempotency_key)
        with cut_off(ANSWER_SECONDS, self._shut):
            ids = [
                self._submit(parcel.to, sender, part, message.data_coding, message.has_header)
                for part in message.parts
            ]
        return ids[0]

    def _submit(self, to: str, sender: str, part: bytes, data_coding: int, has_header: bool) -> str:
        client = self.client
        assert client is not None  # noqa: S101  (`open` comes first)
        ton, npi = _kind_of(sender)
        try:
            sent = client.send_message(
                source_addr_ton=ton,
                source_addr_npi=npi,
                source_addr=sender.removeprefix("+"),
                dest_addr_ton=NUMBER[0],
                dest_addr_npi=NUMBER[1],
                destination_addr=to.removeprefix("+"),
                short_message=part,
                data_coding=data_coding,
                esm_class=consts.SMPP_GSMFEAT_UDHI if has_header else consts.SMPP_MSGTYPE_DEFAULT,
                registered_delivery=False,
            )
            answer = self._answer_to(client, sent.sequence)
        except TimeoutError:
            raise GatewayUnavailable("no answer in time") from None
        except exceptions.ConnectionError:
            raise ConnectionLost("connection closed without an answer") from None
        except GatewayFailure:
            raise
        except Exception as error:
            raise GatewayUnavailable(f"broken answer: {type(error).__name__}") from None
        if answer.status != consts.SMPP_ESME_ROK:
            raise _failure(answer.status)
        found = (getattr(answer, "message_id", None) or b"").decode("ascii", "replace")
        if not found:
            raise GatewayUnavailable("an answer without an id")
        return found

    def _answer_to(self, client: Client, sequence: int) -> Any:
        """The answer to our request, after whatever the carrier asks us first."""
        while True:
            pdu = client.read_pdu()
            if pdu.command == "enquire_link":
                alive = smpp.make_pdu("enquire_link_resp", client=client)
                alive.sequence = pdu.sequence
                client.send_pdu(alive)
            elif pdu.command == "unbind":
                raise ConnectionLost("the carrier has ended the session")
            elif pdu.sequence == sequence and pdu.is_response():
                return pdu

    def _client(self) -> Client:
        address = self.address
        context = ssl.create_default_context() if address.options.get("tls") == "1" else None
        client = _Client(
            address.host,
            address.port or 2775,
            SOCKET_SECONDS,
            ssl_context=context,
            logger_name=SILENT,
            allow_unknown_opt_params=True,
        )
        client.logger.disabled = True  # it writes passwords and codes down, in hexadecimal digits
        return client

    def _shut(self) -> None:
        wire = getattr(self.client, "_socket", None)
        if wire is not None:
            shut(wire)


class _Client(Client):
    """One that checks whose certificate it is shown."""

    def _create_socket(self) -> socket.socket:
        wire = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        wire.settimeout(self.timeout)
        context: ssl.SSLContext | None = self._ssl_context
        return wire if context is None else context.wrap_socket(wire, server_hostname=self.host)


def _kind_of(sender: str) -> tuple[int, int]:
    digits = sender.removeprefix("+")
    if not digits.isdecimal():
        return NAME if sender else (0, 0)
    return NUMBER if sender.startswith("+") or len(digits) > 8 else SHORT_CODE


def _failure(status: int) -> GatewayFailure:
    reason = _status_name(status)
    if status in REFUSED:
        return GatewayRefused(reason)
    return GatewayUnfit(reason) if status in UNFIT else GatewayUnavailable(reason)


def _status_name(status: object) -> str:
    return f"smpp 0x{status:08x}" if isinstance(status, int) else "smpp"
