"""`pip install ARGUMENTS…` in one line for each large file: neither silent for minutes nor a wall.

Needs only the standard library. What pip said in full lies in `test-results/install.log`, and is
shown when it fails.
"""

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

LOG = Path("test-results") / "install.log"
LARGE = 10.0  # megabytes: what takes long enough to be asked about
FETCHED = re.compile(r"\s*(?:Downloading|Using cached) (\S+?)-\d\S* \(([\d.]+) ([kMG]B)\)")
MEGABYTES = {"kB": 0.001, "MB": 1.0, "GB": 1000.0}


def told(lines: Iterable[str]) -> Iterator[str]:
    """What a person is told of pip's lines, as they come."""
    for line in lines:
        if fetched := FETCHED.match(line):
            name, size, unit = fetched.groups()
            if float(size) * MEGABYTES[unit] >= LARGE:
                yield f"  {name.rpartition('/')[2]}, {size} {unit}"
        elif line.startswith("Installing collected packages:"):
            yield f"Installing {line.count(',') + 1} packages; this takes a minute or two"


def main(arguments: list[str]) -> int:
    print("Fetching packages; PyTorch is the largest and takes some minutes", flush=True)
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install"]
    LOG.parent.mkdir(exist_ok=True)
    with (
        LOG.open("w") as log,
        subprocess.Popen(
            [*command, "--progress-bar", "off", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as pip,
    ):

        def kept() -> Iterator[str]:
            for line in pip.stdout or ():
                log.write(line)
                yield line

        for sentence in told(kept()):
            print(sentence, flush=True)
    if pip.returncode:
        print(LOG.read_text(), file=sys.stderr)
    return pip.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
