"""Public codes: eight random characters of Crockford's base 32 and one check character (value mod 37).

Crockford gives the remainders 32 to 36 symbols that are awkward in addresses and on paper (* ~ $ = U), so a draw with
such a remainder is thrown away. 37 is prime: one wrong character, or two swapped ones, never keep the remainder.
"""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
_READ = {letter: value for value, letter in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}


def new_code() -> str:
    """Nine characters, without the dashes of the printed form."""
    while True:
        value = secrets.randbits(5 * LENGTH)
        if value % 37 < 32:
            break
    body = "".join(ALPHABET[value >> 5 * place & 31] for place in reversed(range(LENGTH)))
    return body + ALPHABET[value % 37]


def typed_code(text: str) -> str:
    """The letters of a code that was typed or pasted: without dashes, spaces, PUG- and the address around it."""
    address = re.search(r"/v/([^/?#]+)", text, re.IGNORECASE)
    letters = address[1] if address else text
    return "".join(letter for letter in letters.upper().strip().removeprefix("PUG-") if letter not in "- \t")


def parse_code(text: str) -> str | None:
    """The nine characters behind what was typed from paper (o for 0, l for 1, spaces); None if impossible."""
    letters = [letter for letter in text.upper() if letter not in "- \t"]
    if len(letters) != LENGTH + 1 or any(letter not in _READ for letter in letters):
        return None
    values = [_READ[letter] for letter in letters]
    number = 0
    for value in values[:LENGTH]:
        number = number * 32 + value
    if number % 37 != values[LENGTH]:
        return None
    return "".join(ALPHABET[value] for value in values)


def printed(code: str) -> str:
    """XXXX-XXXX-X."""
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"
