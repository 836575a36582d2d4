"""Run inside the image, beside the service: does it take a mail and write the letter; what may it not do?"""

import smtplib
import sys
import time
from pathlib import Path

MAIL = "From: Ana <ana@acme.co>\nTo: soporte@acme.co\nSubject: hola\nMessage-ID: <1@acme.co>\n\nHola.\n"

with smtplib.SMTP("127.0.0.1", 2525, timeout=30) as session:
    session.sendmail("ana@acme.co", ["soporte@acme.co"], MAIL)

letters = Path("/var/lib/mailgate/letters/new")
deadline = time.monotonic() + 60
while not (letters.is_dir() and list(letters.iterdir())):
    assert time.monotonic() < deadline, "no letter came"
    time.sleep(0.1)

for place in ("/opt/mailgate/written", "/etc/written", "/written"):
    try:
        Path(place).write_text("")
    except OSError:
        continue
    sys.exit(f"{place} could be written")

status = dict(line.split(":\t", 1) for line in Path("/proc/self/status").read_text().splitlines() if ":\t" in line)
assert set(status["Uid"].split()) == {"10001"}, status["Uid"]
assert int(status["CapBnd"], 16) == int(status["CapEff"], 16) == 0
assert status["NoNewPrivs"] == "1"
print("visited")
