"""What the generator of requests does not know: how a list of events becomes lines of JSON."""

import json

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def lines(_, value):
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode("utf-8", errors="surrogatepass")
    return json.dumps(value).encode()


@schemathesis.hook
def filter_case(_, case):
    """Lines are text: whatever else stands in for them is text again once it is sent, and an empty list is in order."""
    return case.media_type != "application/x-ndjson" or isinstance(case.body, (str, bytes))
