"""Debian's Chromium, driven through chromedriver's own interface."""

import json
import socket
import subprocess
import time
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

SECONDS = 200


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Browser:
    """One window. Names are looked up in `hosts` alone, so that nothing is fetched from the network."""

    def __init__(self, driver, chromium, hosts, profile):
        port = free_port()
        self.at = f"http://127.0.0.1:{port}"
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen([driver, f"--port={port}"], stdout=quiet, stderr=quiet)
        rules = [*(f"MAP {name} {place}" for name, place in hosts.items()), "MAP * ~NOTFOUND", "EXCLUDE localhost"]
        arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                     "--ignore-certificate-errors", f"--host-resolver-rules={','.join(rules)}",
                     f"--user-data-dir={profile}", "--window-size=360,800"]  # fmt: skip
        wanted = {"browserName": "chrome", "goog:chromeOptions": {"args": arguments, "binary": chromium},
                  "goog:loggingPrefs": {"browser": "ALL"},
                  "timeouts": {"script": SECONDS * 1000, "pageLoad": 60_000}}  # fmt: skip
        self._wait_for_driver()
        session = self._asked("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})["sessionId"]
        self.at += f"/session/{session}"

    def _wait_for_driver(self):
        for _ in range(100):
            try:
                return self._asked("GET", "/status")
            except URLError:
                time.sleep(0.1)
        raise TimeoutError("chromedriver does not answer")

    def _asked(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        try:
            with urlopen(Request(self.at + path, data, method=method), timeout=SECONDS) as reply:
                return json.load(reply)["value"]
        except HTTPError as error:
            raise AssertionError(json.load(error)["value"]["message"]) from None

    def open(self, url):
        self._asked("POST", "/url", {"url": url})

    def run(self, script, *arguments):
        """What a script's promise comes to, or an AssertionError with its fault."""
        waiting = f"""const done = arguments[arguments.length - 1], given = [...arguments].slice(0, -1);
            (async (...args) => {{ {script} }})(...given).then((v) => done([v]), (e) => done(String(e.stack ?? e)))"""
        answer = self._asked("POST", "/execute/async", {"script": waiting, "args": arguments})
        assert isinstance(answer, list), answer
        return answer[0]

    def console(self):
        """What the console has said since it was last asked, without what a missing favicon says."""
        said = self._asked("POST", "/se/log", {"type": "browser"})
        return [f"{entry['level']}: {entry['message']}" for entry in said if "favicon" not in entry["message"]]

    def picture(self):
        return self._asked("GET", "/screenshot")

    def close(self):
        try:
            self._asked("DELETE", "")
        finally:
            self.process.terminate()
            self.process.wait(timeout=20)
