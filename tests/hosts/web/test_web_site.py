"""The add-in's files: what Excel reads of them keeps Microsoft's rules, and roc web serves them."""

import ast
import json
import re
import signal
import ssl
import stat
import subprocess
import sys
import threading
import zipfile
from collections import Counter
from io import BytesIO
from urllib.error import HTTPError
from urllib.request import urlopen
from xml.etree import ElementTree

import pytest
from browser import free_port
from downloads import absent, program

from addin import __version__
from addin.buttons import WEB, buttons_of
from addin.catalogue import catalogue
from addin.cli.main import app
from addin.errors import BookError
from addin.files import PACKAGE
from addin.hosts.web.bridge import answer
from addin.hosts.web.certificate import certificate
from addin.hosts.web.doctor import diagnoses
from addin.hosts.web.press import actions
from addin.hosts.web.server import server
from addin.hosts.web.site import PYODIDE, site

URL = "https://tools.example.com/roc/"
TEXTS = "{http://schemas.microsoft.com/office/officeappbasictypes/1.0}"


@pytest.fixture(scope="module")
def files():
    return site(URL)


def test_the_metadata_keep_the_rules_of_microsofts_generator(files):
    metadata = json.loads(files["functions.json"])
    assert [function["id"] for function in metadata["functions"]] == [
        function["name"] for function in metadata["functions"]
    ]
    assert {function["id"] for function in metadata["functions"]} == catalogue().keys()
    assert metadata["allowErrorForDataTypeAny"]
    for function in metadata["functions"]:
        assert re.fullmatch(r"[A-Z][A-Z0-9._]{2,127}", function["name"])
        assert len(function["description"]) <= 512
        assert function["result"] == {"type": "any", "dimensionality": "matrix"}
        assert function["options"] == {"cancelable": True, "requiresAddress": True}
        parameters = function["parameters"]
        assert len({parameter["name"].lower() for parameter in parameters}) == len(parameters)
        optional = [parameter.pop("optional", False) for parameter in parameters]
        assert optional == sorted(optional)  # none that is needed stands behind one that is not
        for parameter in parameters:
            assert parameter.keys() == {"name", "description", "type", "dimensionality"}
            assert (parameter["type"], parameter["dimensionality"]) == ("any", "matrix")
            assert len(parameter["name"]) <= 64
            assert 0 < len(parameter["description"]) <= 512


GENERATOR = """
    const { generateCustomFunctionsMetadata } = require("custom-functions-metadata");
    generateCustomFunctionsMetadata(process.argv[2], true).then((made) => console.log(JSON.stringify(made)));
"""


@pytest.mark.thorough
def test_the_metadata_are_what_microsofts_generator_makes(files, tmp_path):
    """It reads them from comments, which are written here from ours."""
    command = [program("npm", "npm"), "install", "--silent", "--ignore-scripts", "--no-audit", "--no-fund",
               "custom-functions-metadata@2.2.3", "typescript@5.9.3"]  # fmt: skip
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=250, check=False)
    if done.returncode:
        absent(f"Microsoft's generator cannot be had from npm: {done.stderr[-200:]}")
    ours = json.loads(files["functions.json"])
    (tmp_path / "functions.js").write_text("".join(map(commented, ours["functions"])), encoding="utf-8")
    (tmp_path / "generate.js").write_text(GENERATOR, encoding="utf-8")
    command = [program("node", "nodejs"), "generate.js", "functions.js"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True)
    made = json.loads(done.stdout)
    assert made["errors"] == []
    theirs = json.loads(made["metadataJson"])["functions"]
    for function in ours["functions"]:
        del function["result"]["type"]  # any is what counts where it is left out
    assert theirs == ours["functions"]


def commented(function):
    """A function as Microsoft's generator reads it."""
    names = [parameter["name"] for parameter in function["parameters"]]
    told = [f" * @param {{any[][]}} {name_of(p)} {p['description']}\n" for p in function["parameters"]]
    return (
        f"/**\n * {function['description']}\n * @customfunction {function['id']} {function['name']}\n{''.join(told)}"
        " * @param {CustomFunctions.CancelableInvocation} invocation Its cell\n"
        f" * @cancelable\n * @requiresAddress\n * @returns {{any[][]}}\n */\n"
        f"function {function['id'].lower()}_({', '.join([*names, 'invocation'])}) {{}}\n"
    )


def name_of(parameter):
    return f"[{parameter['name']}]" if parameter.get("optional") else parameter["name"]


def test_doctor_warns_of_both_add_ins(files, tmp_path):
    macros = tmp_path / "customer_value.xlam"
    kept = tmp_path / "wef" / "1" / "Manifests"
    kept.mkdir(parents=True)
    (kept / "other").write_text("<OfficeApp/>")
    assert diagnoses(macros, tmp_path / "wef") == []
    (kept / "manifest").write_bytes(files["manifest.xml"])
    assert [each.level for each in diagnoses(macros, tmp_path / "wef")] == ["OK"]
    macros.touch()
    [warning] = diagnoses(macros, tmp_path / "wef")
    assert warning.level == "warn"
    assert "roc uninstall excel" in warning.fix


def test_the_manifest_names_what_is_there(files):
    manifest = ElementTree.fromstring(files["manifest.xml"])
    strings = {e.get("id"): e.get("DefaultValue") for e in manifest.iter() if e.tag.startswith(TEXTS) and e.get("id")}
    assert {e.get("resid") for e in manifest.iter() if e.get("resid")} <= strings.keys()
    addresses = {e.get("DefaultValue") for e in manifest.iter() if e.get("DefaultValue", "").startswith("http")}
    assert all(address.startswith(URL) for address in addresses)
    assert {address.removeprefix(URL) for address in addresses} <= {*files, ""}
    assert manifest.findtext("{*}Version") == f"{__version__}.0"
    for kind, limit in (("ShortStrings", 125), ("LongStrings", 250)):
        assert all(len(text.get("DefaultValue")) <= limit for text in manifest.find(f".//{TEXTS}{kind}"))
    assert {e.text for e in manifest.iter() if e.tag.endswith("FunctionName")} == {b.name for b in buttons_of(WEB)}
    assert site("https://other.example.com")["manifest.xml"].split(b"Id>")[1] != files["manifest.xml"].split(b"Id>")[1]


def test_a_button_that_is_shown_does_something(files):
    pages = set(re.findall(r'<section id="(\w+)"', files["taskpane.html"].decode()))
    assert {button.name for button in buttons_of(WEB)} <= pages | actions().keys() | {"recalculate"}
    listed = json.loads(re.search(r"const BUTTONS = (.*);", files["catalogue.js"].decode())[1])
    assert [each["title"] for each in listed] == [button.title for button in buttons_of(WEB)]


def test_no_script_takes_the_place_of_anothers_function(files):
    """All scripts of a page share their names, and the last one wins without a word."""
    scripts = "".join(
        files[name].decode() for name in ("actions.js", "book.js", "catalogue.js", "functions.js", "pane.js")
    )
    names = re.findall(r"^(?:async )?(?:function\*?|const|let|class) (\w+)", scripts, re.MULTILINE)
    assert len(names) > 50
    assert [name for name, count in Counter(names).items() if count > 1] == []


def test_the_core_is_the_packages_own_code(files):
    with zipfile.ZipFile(BytesIO(files["core.zip"])) as archive:
        for name in archive.namelist():
            assert archive.read(name) == (PACKAGE.parent / name).read_bytes()
        assert "addin/metrics/loyalty.py" in archive.namelist()
    assert site(URL)["core.zip"] == files["core.zip"]


def test_what_buttons_load_is_in_the_archives(files, tmp_path):
    for name in ("core.zip", "buttons.zip"):
        zipfile.ZipFile(BytesIO(files[name])).extractall(tmp_path)
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import addin.hosts.web.press as p; print(p.__file__)"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.startswith(str(tmp_path)), done.stderr


def test_a_change_of_any_file_is_fetched_anew(files, monkeypatch):
    monkeypatch.setattr("addin.hosts.web.site.core", lambda: b"changed")
    assert site(URL)["taskpane.html"] != files["taskpane.html"]


def test_pyodide_comes_from_its_makers_or_from_a_server_of_ones_own(files):
    page = files["taskpane.html"].decode()
    assert f'data-pyodide="{PYODIDE}"' in page
    own = site(URL, "https://python.example.com/pyodide")["taskpane.html"].decode()
    assert 'data-pyodide="https://python.example.com/pyodide/"' in own
    assert "jsdelivr" not in own
    assert f'data-pyodide="{URL}py/"' in site(URL, "py")["taskpane.html"].decode()


@pytest.mark.parametrize("url", ["http://example.com/", "tools", "https://", "https://a.b/x?y", "https://a.b/c d"])
def test_an_address_that_excel_would_refuse(url):
    with pytest.raises(BookError, match="https://"):
        site(url)


def test_what_is_wrong_is_said_once():
    """The bridge as it is: a fault of ours is an answer, and a package that is not there is asked for."""
    assert json.loads(answer("NPS", "[0]", [bytearray(16)])) == {"rows": [[-100.0]], "note": ""}
    assert "heading" in json.loads(answer("NPS", '[[["Score"],[10]]]'))["note"]
    assert json.loads(answer("CLV", '[[[5]],[[20]],[[{"type":"Error","basicValue":"#DIV/0!"}]]]'))["rows"] == [
        [{"error": "#DIV/0!", "reason": ""}]
    ]


def test_a_full_memory_ends_the_worker_and_is_no_answer(monkeypatch):
    def full(*_):
        raise MemoryError

    monkeypatch.setattr("addin.hosts.web.bridge.call", full)
    with pytest.raises(MemoryError):
        answer("NPS", "[[[9]]]")


def test_roc_build_writes_them(tmp_path, files, capsys, monkeypatch):
    monkeypatch.setattr("sys.argv", ["roc", "build", "--web", str(tmp_path / "site"), "--url", URL])
    with pytest.raises(SystemExit) as ended:
        app()
    assert not ended.value.code
    written = {path.relative_to(tmp_path / "site").as_posix(): path.read_bytes()
               for path in (tmp_path / "site").rglob("*") if path.is_file()}  # fmt: skip
    assert written == files
    assert str(tmp_path / "site" / "manifest.xml") in capsys.readouterr().out


def test_xlwings_lite_gets_one_file_with_all_functions(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.argv", ["roc", "build", "--lite", str(tmp_path / "main.py")])
    with pytest.raises(SystemExit):
        app()
    tree = ast.parse((tmp_path / "main.py").read_text())
    made = {node.name.upper(): node for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert made.keys() == catalogue().keys()
    for name, metric in catalogue().items():
        assert [argument.arg for argument in made[name].args.args] == [param.name for param in metric.params]
        assert len(made[name].args.defaults) == sum(not param.required for param in metric.params)
    assert {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)} == {
        "from xlwings import arg, func, ret", "from addin.hosts.web.lite_bridge import answered",
    }  # fmt: skip


def test_roc_web_serves_until_ctrl_c(files):
    port = free_port()
    command = [sys.executable, "-m", "addin", "web", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        lines = [process.stdout.readline() for _ in range(4)]
        trusting = ssl.create_default_context(cafile=certificate())
        with urlopen(f"https://localhost:{port}/manifest.xml", context=trusting, timeout=10) as reply:
            assert f"https://localhost:{port}/taskpane.html".encode() in reply.read()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 130
    assert f"https://localhost:{port}/" in lines[0]
    assert [line.partition(":")[0] for line in lines[1:]] == ["Web", "Mac", "Windows"]


def test_the_files_are_served_to_this_computer_over_https(files):
    path = certificate()
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert certificate().read_bytes() == path.read_bytes()
    trusting = ssl.create_default_context(cafile=path)
    with server(files, 0, path) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        at = f"https://localhost:{serving.server_port}/"
        with urlopen(f"{at}core.zip?v=1", context=trusting, timeout=10) as reply:
            assert reply.read() == files["core.zip"]
        with urlopen(at, context=trusting, timeout=10) as reply:
            assert reply.headers["Content-Type"] == "text/html"
        with pytest.raises(HTTPError, match="404"):
            urlopen(f"{at}../setup.py", context=trusting, timeout=10)
        with pytest.raises(BookError, match="--port"):
            server(files, serving.server_port, path)
        serving.shutdown()
