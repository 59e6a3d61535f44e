"""timed.py SECONDS RESULT COMMAND...: runs a command, its output to RESULT.log, and writes how it went to RESULT.json.

{"seconds", "cpu_seconds" of all threads, "peak_bytes": the largest resident set, of the command and what it waited for,
"status": that of the exit, or "timeout"}.
"""
import json
import os
import subprocess
import sys
import threading
import time

FOREVER = 1e6


def run(command, result, through=(), seconds=FOREVER):
    """How the command went, started by the command `through`."""
    # A clean interpreter, so that the peak of memory is that of the command and not of this process's twin.
    subprocess.run([*through, sys.executable, __file__, str(seconds), result, *command], stdout=subprocess.DEVNULL)
    try:
        with open(result + ".json") as how:
            return json.load(how)
    except FileNotFoundError:
        return {"status": "ended from outside"}


def main():
    seconds, result, command = float(sys.argv[1]), sys.argv[2], sys.argv[3:]
    with open(result + ".log", "wb") as log:
        begun = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        late = threading.Event()

        def kill():
            late.set()
            os.killpg(process.pid, 9)

        timer = threading.Timer(seconds, kill)
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        taken = time.perf_counter() - begun
        timer.cancel()
    how = {"seconds": taken, "cpu_seconds": usage.ru_utime + usage.ru_stime, "peak_bytes": usage.ru_maxrss * 1024}
    how["status"] = "timeout" if late.is_set() else os.waitstatus_to_exitcode(status)
    with open(result + ".json", "w") as out:
        json.dump(how, out)


if __name__ == "__main__":
    main()
