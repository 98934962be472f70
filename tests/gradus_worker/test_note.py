"""What a child notes can be read by another process, also after its death."""

import signal
import subprocess
import sys
import time
from pathlib import Path

from gradus_worker.note import Note, notes

WRITER = """
import sys, time
from pathlib import Path
from gradus_worker.note import Note
note = Note.create(Path(sys.argv[1]), "host:1:abc")
note.turn("job_7")
note.held(3)
note.beat(60)
print("noted", flush=True)
time.sleep(60)
"""


def test_a_note_outlives_a_killed_writer(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "noted\n"
        writer.send_signal(signal.SIGKILL)
        writer.wait(10)
    (note,) = notes(tmp_path)
    reading = note.read()
    assert (reading.pid, reading.holder) == (writer.pid, "host:1:abc")
    assert (reading.on_turn, reading.held) == ("job_7", 3)


def test_a_turn_replaces_the_one_before_whatever_their_lengths(tmp_path: Path) -> None:
    note = Note.create(tmp_path, "h")
    note.turn("job_with_a_long_name")
    note.turn("job_2")
    assert note.read().on_turn == "job_2"
    note.rest()
    assert note.read().on_turn is None


def test_silence_beyond_the_declared_patience_is_a_stall(tmp_path: Path) -> None:
    note = Note.create(tmp_path, "h")
    assert not note.stalled
    note.beat(60)
    assert not note.stalled
    assert note.read().stalled(time.monotonic() + 61)
    note.rest()
    assert not note.read().stalled(time.monotonic() + 61)


def test_the_parent_can_ask_for_the_end(tmp_path: Path) -> None:
    child = Note.create(tmp_path, "h")
    (parent,) = notes(tmp_path)
    assert not child.ending
    parent.ask_to_end()
    assert child.ending


def test_a_removed_note_is_gone(tmp_path: Path) -> None:
    Note.create(tmp_path, "h").remove()
    assert list(notes(tmp_path)) == []
