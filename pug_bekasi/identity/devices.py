"""The device behind a user agent, in a few words that need no translation. A browser says of itself what it likes."""

import re

UNKNOWN = "?"
# The first that is found counts: Edge and Opera call themselves Chrome too, and every Chrome calls itself Safari.
BROWSERS = {
    "EdgA?|EdgiOS": "Edge",
    "OPR|OPT": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "UCBrowser": "UC Browser",
    "Firefox|FxiOS": "Firefox",
    "HeadlessChrome|Chrome|CriOS|Chromium": "Chrome",
    "Safari": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "CrOS": "ChromeOS",
    "Macintosh|Mac OS X": "Mac",
    "Linux|X11": "Linux",
}


def _found(names: dict[str, str], agent: str, pattern: str) -> str:
    return next((name for words, name in names.items() if re.search(pattern.format(words), agent)), "")


def in_words(agent: str) -> str:
    """'Chrome, Android'; a question mark when nothing is known."""
    known = [_found(BROWSERS, agent, r"\b(?:{})/"), _found(SYSTEMS, agent, r"\b(?:{})\b")]
    return ", ".join(filter(None, known)) or UNKNOWN
