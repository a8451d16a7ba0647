"""Browsers driven as WebDriver has it: Debian's Chromium, and WebKitGTK, whose engine is Safari's."""

import json
import os
import socket
import subprocess
import time
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

SECONDS = 200
KEYS = {"Tab": "\ue004", "Enter": "\ue007", "Shift": "\ue008", "Escape": "\ue00c", "Space": " ", "End": "\ue010",
        "Home": "\ue011", "Left": "\ue012", "Up": "\ue013", "Right": "\ue014", "Down": "\ue015"}  # fmt: skip
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Browser:
    """A driver with one session."""

    def __init__(self, driver, wanted, environment=None):
        port = free_port()
        self.at = f"http://127.0.0.1:{port}"
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen([driver, f"--port={port}"], stdout=quiet, stderr=quiet, env=environment)
        wanted |= {"timeouts": {"script": SECONDS * 1000, "pageLoad": 60_000}}
        self._wait_for_driver()
        session = self.asked("POST", "/session", {"capabilities": {"alwaysMatch": wanted}})["sessionId"]
        self.at += f"/session/{session}"

    def _wait_for_driver(self):
        for _ in range(100):
            try:
                return self.asked("GET", "/status")
            except URLError:
                time.sleep(0.1)
        raise TimeoutError("the browser's driver does not answer")

    def asked(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        try:
            with urlopen(Request(self.at + path, data, method=method), timeout=SECONDS) as reply:
                return json.load(reply)["value"]
        except HTTPError as error:
            raise AssertionError(json.load(error)["value"]["message"]) from None

    def open(self, url):
        self.asked("POST", "/url", {"url": url})

    def run(self, script, *arguments):
        """What a script's promise comes to, or an AssertionError with its fault."""
        waiting = f"""const done = arguments[arguments.length - 1], given = [...arguments].slice(0, -1);
            (async (...args) => {{ {script} }})(...given).then((v) => done([v]), (e) => done(String(e.stack ?? e)))"""
        answer = self.asked("POST", "/execute/async", {"script": waiting, "args": arguments})
        assert isinstance(answer, list), answer
        return answer[0]

    def new_tab(self):
        """Open another tab and go there; gives the one before and the new one."""
        before = self.asked("GET", "/window")
        self.go_to(tab := self.asked("POST", "/window/new", {"type": "tab"})["handle"])
        return before, tab

    def go_to(self, tab):
        self.asked("POST", "/window", {"handle": tab})

    def close_tab(self, other):
        self.asked("DELETE", "/window")
        self.go_to(other)

    def press(self, *keys):
        """Press keys one after the other; Shift+Tab is both at once. What is no key's name is typed."""
        actions = []
        for key in keys:
            held = [KEYS[name] for name in key.split("+")] if key.split("+")[0] in KEYS else [*key]
            together = key.split("+")[0] in KEYS
            down = [{"type": "keyDown", "value": each} for each in held]
            up = [{"type": "keyUp", "value": each} for each in held]
            actions += [*down, *up] if together else [step for pair in zip(down, up, strict=True) for step in pair]
        self.asked("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def focused(self):
        """The role and the name of what has the focus, as a screen reader gets them."""
        element = self.asked("GET", "/element/active")[ELEMENT]
        return tuple(self.asked("GET", f"/element/{element}/computed{what}") for what in ("role", "label"))

    def put_file(self, selector, path):
        """Choose a file, as in the dialog of the system."""
        element = self.asked("POST", "/element", {"using": "css selector", "value": selector})[ELEMENT]
        self.asked("POST", f"/element/{element}/value", {"text": str(path)})

    def picture(self):
        return self.asked("GET", "/screenshot")

    def close(self):
        try:
            self.asked("DELETE", "")
        finally:
            self.process.terminate()
            self.process.wait(timeout=20)


class Chromium(Browser):
    """Chromium. Names are looked up in `hosts` alone, so that nothing is fetched from the network."""

    def __init__(self, driver, chromium, hosts, profile, *options):
        rules = [*(f"MAP {name} {place}" for name, place in hosts.items()), "MAP * ~NOTFOUND", "EXCLUDE localhost"]
        arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                     "--ignore-certificate-errors", f"--host-resolver-rules={','.join(rules)}",
                     f"--user-data-dir={profile}", "--window-size=360,800", *options]  # fmt: skip
        super().__init__(driver, {
            "browserName": "chrome", "goog:chromeOptions": {"args": arguments, "binary": chromium},
            "goog:loggingPrefs": {"browser": "ALL"},
        })  # fmt: skip

    def console(self):
        """What the console has said since it was last asked, without what a missing favicon says."""
        said = self.asked("POST", "/se/log", {"type": "browser"})
        return [f"{entry['level']}: {entry['message']}" for entry in said if "favicon" not in entry["message"]]

    def wide(self, pixels):
        """Give the page another width."""
        given = {"width": pixels, "height": 800, "deviceScaleFactor": 1, "mobile": False}
        self.asked("POST", "/goog/cdp/execute", {"cmd": "Emulation.setDeviceMetricsOverride", "params": given})


class WebKit(Browser):
    """WebKitGTK in its MiniBrowser, on a screen."""

    def __init__(self, driver, binary, display):
        options = {"binary": str(binary), "args": ["--automation"]}
        wanted = {"acceptInsecureCerts": True, "webkitgtk:browserOptions": options}
        super().__init__(driver, wanted, {**os.environ, "DISPLAY": display})
