"""What is typed by people who want to break something, and what chance types."""

from hypothesis import strategies as st

# Long enough never to be part of a token by chance.
EVALUATED = "770078"
TAG = "tenantry-x"
# What makes a page another one, where it is not escaped. No longer than a name may be.
MARKUP = (
    f"\"'><{TAG} onload=alert(1)></textarea></title></option><{TAG}>{{{{ 770077|add:1 }}}}{{% now 'Y' %}}${{770077+1}}"
)

# Bytes, since what is sent need not be text. A lone surrogate has no place in UTF-8, and is sent all the same.
VALUES: dict[str, bytes] = {
    "nothing": b"",
    "space": "\u00a0\u2003\t ".encode(),
    "control": b"a\x01\x07\x1b[31mb\x7f",
    "nul": b"a\x00b",
    "surrogate": b"a\xed\xa0\x80b",
    "no utf-8": b"a\xff\xfe\xc3(b",
    "right to left": "invoice\u202egpj.exe\u2066\u200b".encode(),
    "formula": b"=cmd|' /C calc'!A0",
    "template": b"{{ 770077|add:1 }}#{770077+1}<%= 770077+1 %><script src=//evil.example></script>",
    "homoglyph": "\u0430dm\u0456n \u0455\u0440\u0430\u0441\u0435".encode(),
    "accents": ("e" + "\u0301" * 300).encode(),
    "emoji": "\U0001f3f3\ufe0f\u200d\U0001f308 \U0001d54f \ufdfd".encode(),
    "lines": b"a\r\nBcc: eve@evil.example\r\n\r\nb\nc\rd",
    "zero": b"0",
    "negative": b"-1",
    "too large": b"9223372036854775808",
    "far too large": b"9" * 5000,
    "infinity": b"1e999",
    "nan": b"nan",
    "digits elsewhere": "\u0663\u0967\uff17\u00b2".encode(),
    "quotes": b"'; DROP TABLE profiles_user; --\\",
    "wildcards": b"%_%\\",
    "percent": b"%00%s%n%(a)s{0}",
    "path": b"../../../etc/passwd",
    "address": b"//evil.example/\\@evil.example",
    "email": b"a@b@evil.example\n",
    "long email": b"a" * 60 + b"@" + b"b" * 61 + b"." + b"c" * 61 + b"." + b"d" * 61 + b"." + b"e" * 60 + b".example",
    "date": b"0000-00-00",
    "far date": b"9999-12-31",
    "long": b"x" * 5000,
    "nearly a megabyte": b"x" * 900_000,
    "a megabyte": b"x" * 1_000_000,
}
LARGE = 100_000


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


TEXT = st.text(st.characters(), max_size=60).map(encoded)
ANY = st.one_of(st.sampled_from([value for value in VALUES.values() if len(value) < LARGE]), TEXT)
