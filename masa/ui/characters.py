"""The characters no stored text may hold, in one place for names and for prose (IN-08)."""
import re

# Control characters (tab and line ends excepted), lone surrogates, characters that turn the writing direction
# and so can make words read other than they are, and code points that are no characters at all.
_REFUSED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
    + "]"
)
_TURNS_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")


def refusal(text):
    """Say in a sentence why ``text`` may not be stored, or return None."""
    found = _REFUSED.search(text)
    if found is None:
        return None
    if _TURNS_DIRECTION.match(found.group()):
        return "The text holds a hidden character that changes the direction of writing. Type the words again rather than pasting them."
    return f"The text holds a hidden character that cannot be stored (U+{ord(found.group()):04X}). Type the words again rather than pasting them."
