"""Bodies and headers that no browser sends."""

from tests.security.attack import BOUNDARY

FORM = "application/x-www-form-urlencoded"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY.decode()}"
DISPOSITION = b'--%s\r\nContent-Disposition: form-data; name="email"' % BOUNDARY


BODIES: list[tuple[str, bytes]] = [
    (FORM, b""),
    (FORM, b"&&=&=a&a&%&%zz=%zz"),
    (FORM, b"email=a@b.example&email=c@d.example&email=&role=reader&role=owner&action_add=&action_remove="),
    (FORM, b"&".join(b"f%d=1" % number for number in range(2000))),
    (FORM, b"csrfmiddlewaretoken=\x00&next=\x00&page=\x00&text=\x00"),
    (f"{FORM}; charset=no-such-thing", b"email=\xff"),
    (f"{FORM}; charset=utf-16", "email=ä".encode("utf-16")),
    ("application/json", b'{"email": "a@b.example"}'),
    ("application/json", b"{" * 10_000),
    ("text/plain", b"\xff\x00"),
    ("text/xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
    ("", b"email=a"),
    ("nonsense; ; =", b"email=a"),
    ("multipart/form-data", b"--\r\n"),
    ("multipart/form-data; boundary=", b"--\r\n"),
    (f"multipart/form-data; boundary={'b' * 500}", b"--\r\n"),
    *((f"{MULTIPART}; charset={charset}", b"--" + BOUNDARY) for charset in ("rot13", "zlib", "idna", "UTF8")),
    *((f"{FORM}; charset={charset}", b"login=a") for charset in ("iso-8859-1", "UTF8", "hex")),
    ("text/plain; x*=x-none''a", b""),
    (MULTIPART, b""),
    (MULTIPART, b"--" + BOUNDARY),
    (MULTIPART, DISPOSITION),
    (MULTIPART, DISPOSITION + b"\r\n\r\nhalf an addre"),
    (
        MULTIPART,
        DISPOSITION + b'; filename="a.png"\r\nContent-Length: x\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!\r\n',
    ),
    (
        MULTIPART,
        b"".join(
            b'--%s\r\nContent-Disposition: form-data; name="f"; filename="%d"\r\n\r\n\r\n' % (BOUNDARY, number)
            for number in range(150)
        ),
    ),
    (
        MULTIPART,
        b'--%s\r\nContent-Disposition: form-data; name="photo"; filename="a\x00/../b.png"\r\n\r\nGIF89a\r\n--%s--\r\n'
        % (BOUNDARY, BOUNDARY),
    ),
    (
        MULTIPART,
        b"--%s\r\nContent-Disposition: form-data; name*=utf-8''%%ff\r\n\r\n\xff\r\n--%s--\r\n" % (BOUNDARY, BOUNDARY),
    ),
]


# Without NUL and line breaks, with which gunicorn refuses a request before it is one:
# https://www.rfc-editor.org/rfc/rfc9110#section-5.5
HEADERS = {
    "Cookie": ['session=%00; csrf="\\000', "session=" + "x" * 5000, "messages=nonsense; session=é", "=;;=;"],
    "User-Agent": ["", "x" * 10_000, "<script>", "\xff\xfe"],
    "Accept-Language": ["x" * 5000, "de-" * 500, "en;q=99999999999999999999"],
    "Accept": ["*" * 5000, "text/html;q=nan", "application/json", "text/html; x*=x-none''a"],
    "Referer": ["http://[", "x" * 5000],
    "Origin": ["null", "http://[", "https://evil.example"],
    "X-Forwarded-Proto": ["", "https", "javascript"],
    "X-Requested-With": ["XMLHttpRequest"],
    "HX-Request": ["true"],
    "HX-Current-URL": ["http://[", "\xff"],
    "If-None-Match": ['W/"', '"' * 1000],
    "If-Modified-Since": ["yesterday", "Thu, 99 Jan 99999 99:99:99 GMT"],
    "Range": ["bytes=-99999999999999999999", "bytes=a-b", "lines=1-"],
    "X-HTTP-Method-Override": ["DELETE"],
}
FORWARDED = ["", ",", " , ", "nonsense", "::1, ,", "1" * 5000, "::ffff:1.2.3.4", "[::1]:80", "1.2.3.4:80"]
