"""Re-check an exported chain: python3 recheck.py FILE.json [HEAD]. Needs Python 3.9 and nothing else.

FILE: a bukti.json or an auditor's export. HEAD: the hash of an entry known from elsewhere, from a sealed paper say.
Prints what does not fit, and exits with 1 if anything does not. The rules: ledger.md.
"""

# fmt: off
import hashlib
import hmac
import json
import sys

BODY = ("declaration", "sequence", "kind", "payload", "actor", "created_at")
TEXT_STATES = {"published", "closed", "withdrawn", "superseded"}
LEAVES = {"published": "open", "slot_added": "waiting"}  # other kinds are called as the state they leave

def digest(prefix, value):
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)  # RFC 8785 for what occurs
    return hashlib.sha256(bytes.fromhex(prefix) + text.encode()).hexdigest()

def keyed(row):  # an auditor's row gives its salt, a public one the key of each column that it shows
    if "salt" not in row:
        return row
    salt, values = bytes.fromhex(row["salt"]), row["values"]
    return {name: {"value": values[name], "key": hmac.digest(salt, name.encode(), "sha256").hex()} for name in values}

def text_digest(rows, whole):
    parts = sorted((row["order"]["value"], name) for name, row in rows.items() if "order" in row)
    basis, points = ([rows[name] for _, name in parts if name.startswith(kind)] for kind in ("legalbasis:", "point:"))
    text = {name: rows[whole][name]["value"] for name in ("title", "opening", "closing")}
    points = [{part: row[part]["value"] for part in ("text", "sub_points")} for row in points]
    return digest("", {**text, "basis": [row["text"]["value"] for row in basis], "points": points})

def faults(file, known_head=""):
    previous, records, states, whole = "0" * 64, {}, {}, f"declaration:{file['declaration']}"
    for number, entry in enumerate(file["entries"], start=1):
        found = digest(entry["previous_hash"], {name: entry[name] for name in BODY})
        if (entry["sequence"], entry["previous_hash"], entry["hash"]) != (number, previous, found):
            yield f"entry {number} does not fit the chain"
        previous, payload, left = entry["hash"], entry["payload"], LEAVES.get(entry["kind"], entry["kind"])
        records.update(payload["records"])
        states.update({f"signatory:{slot}": "waiting" for slot in payload.get("slots", [])})
        states.update({f"signatory:{payload['slot']}": left} if "slot" in payload else {})
        states.update({whole: left} if entry["kind"] in TEXT_STATES else {})
    if known_head not in {"", *(entry["hash"] for entry in file["entries"])}:
        yield "the known head is not in this chain: it is older than that head, or was written anew"
    rows = {name: keyed(row) for name, row in file["rows"].items()}
    if file["format"].startswith("komitmen-pug/audit"):
        yield from (f"{name} is missing" for name in sorted(set(records) - set(rows)))
    for name, column, shown in ((name, column, row[column]) for name, row in rows.items() for column in row):
        if records.get(name, {}).get(column) != digest(shown["key"], shown["value"]):
            yield f"{name}, column {column}: not what the chain says"
    unlike = [name for name in states if name in rows and rows[name]["state"]["value"] != states[name]]
    yield from (f"{name} is {rows[name]['state']['value']}, the chain says {states[name]}" for name in unlike)
    if text_digest(rows, whole) != rows[whole]["text_digest"]["value"]:
        yield "the text is not the one that was signed"

if __name__ == "__main__":
    result = list(faults(json.load(open(sys.argv[1], encoding="utf-8")), *sys.argv[2:3]))
    sys.exit("\n".join(result) or print("Everything fits."))
