"""Where gateways report what became of messages. Whatever comes is kept first, and looked at later by a worker."""

from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseNotFound
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from messaging.gateways.chosen import GatewayNotKnown, gateway_named
from messaging.gateways.gateway import Callback
from messaging.receipt_addresses import is_token_of, receipt_address
from messaging.services import keep_receipt

LARGEST = 64 * 1024
TOO_LARGE = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


@csrf_exempt
@require_POST
def receive(request: HttpRequest, gateway: str, token: str) -> HttpResponse:
    """Keep a callback as it came, by one INSERT, and answer what the provider wants to hear.

    404 for a wrong token and for an unknown gateway alike, 413 above 64 KiB, 400 for nothing at all, 403 where the
    provider signs and the signature is not right. Nothing is kept of these.
    """
    if not is_token_of(gateway, token):
        return HttpResponseNotFound()
    try:
        served = gateway_named(gateway)
        body = request.body
    except GatewayNotKnown:
        return HttpResponseNotFound()
    except RequestDataTooBig:
        return HttpResponse(status=TOO_LARGE)
    if not 0 < len(body) <= LARGEST:
        return HttpResponse(status=TOO_LARGE if body else HTTPStatus.BAD_REQUEST)
    if not served.is_genuine(Callback(receipt_address(gateway, token), token, request.headers, body)):
        return HttpResponseForbidden()
    keep_receipt(gateway=gateway, content_type=request.headers.get("Content-Type", ""), body=body)
    answer, content_type = served.receipt_answer
    return HttpResponse(answer, content_type=content_type, status=HTTPStatus.OK if answer else HTTPStatus.NO_CONTENT)
