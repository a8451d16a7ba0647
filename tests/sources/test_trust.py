"""A book that somebody sent can neither read what lies elsewhere nor send a password without the user's word."""

import re
import shlex
import struct

import openpyxl
import pytest
from listening import listening
from openpyxl.worksheet.table import Table
from read_books import read_book
from typer.testing import CliRunner

from addin.cli.main import app
from addin.sources import Source, SourceError, connect
from addin.sources.trust import NotTrusted, Settings, outside_place, permit, settings_file, ssl_mode

pytestmark = pytest.mark.attack("secrets and places that a book asks for")
SECRET = "wJalrXUtnFEMI-secret"
HEADINGS = ["Name", "Location", "Table", "Id column", "Date column", "Amount column", "Credential", "Status"]


@pytest.fixture
def thief():
    """A server that speaks enough of PostgreSQL to ask for the password in clear, and what it was sent."""
    came = []

    def ask_for_the_password(connection):
        connection.settimeout(5)
        (length,) = struct.unpack(">I", connection.recv(4))
        body = connection.recv(length - 4)
        if struct.unpack(">I", body[:4])[0] == 80877103:  # asks for TLS
            connection.sendall(b"N")
            (length,) = struct.unpack(">I", connection.recv(4))
            connection.recv(length - 4)
        connection.sendall(b"R" + struct.pack(">II", 8, 3))
        came.append(connection.recv(4096))

    with listening(ask_for_the_password) as port:
        yield port, came


def book(path, location, credential="", table="orders"):
    workbook = openpyxl.Workbook()
    for name, lines in {
        "tblSources": [HEADINGS, ["sales", location, table, "id", "d", "a", credential or None, None]],
        "tblTotals": [["source", "orders"], [None, None]],
    }.items():
        sheet = workbook.create_sheet(name[3:])
        for line in lines:
            sheet.append(line)
        sheet.add_table(Table(displayName=name, ref=f"A1:{chr(64 + len(lines[0]))}2"))
    workbook.save(path)
    return path


def roc(*words, **options):
    return CliRunner().invoke(app, [str(word) for word in words], **options)


def refresh(path):
    """Refresh where nobody can be asked: what it says, and the line that would allow the source."""
    result = roc("refresh", path)
    lines = re.findall(r"roc (trust .*)", str(result.exception))
    return result, lines[0] if lines else ""


def test_a_variable_of_another_program_is_not_sent_to_a_stranger(tmp_path, thief, monkeypatch):
    port, came = thief
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    path = book(tmp_path / "gift.xlsx", f"postgresql://x@127.0.0.1:{port}/db", "env:AWS_SECRET_ACCESS_KEY")
    result, line = refresh(path)
    assert result.exit_code == 1
    assert came == []
    assert line == f"trust 127.0.0.1:{port} env:AWS_SECRET_ACCESS_KEY --book {path}"
    assert "is not a password of this add-in" in str(read_book(path, data_only=False)["Sources"]["H2"].value)


def test_even_an_agreed_server_is_sent_no_other_password(tmp_path, thief, monkeypatch):
    port, came = thief
    monkeypatch.setenv("ROC_DB", SECRET)
    monkeypatch.setenv("PGPASSWORD", SECRET)
    path = book(tmp_path / "gift.xlsx", f"postgresql://x@127.0.0.1:{port}/db")
    roc("trust", f"127.0.0.1:{port}", "--book", path)
    assert refresh(path)[1] == ""  # the server was asked
    assert came == [b""]  # and saw no password
    path = book(tmp_path / "gift.xlsx", f"postgresql://x@127.0.0.1:{port}/db", "env:ROC_DB")
    assert refresh(path)[1] == f"trust 127.0.0.1:{port} env:ROC_DB"
    assert came == [b""]


def test_the_line_it_names_allows_the_source(tmp_path, thief, monkeypatch):
    port, came = thief
    monkeypatch.setenv("ROC_DB", SECRET)
    path = book(tmp_path / "a plan.xlsx", f"postgresql://x@127.0.0.1:{port}/db", "env:ROC_DB")
    result, line = refresh(path)
    assert (result.exit_code, came) == (1, [])
    assert roc(*shlex.split(line)).exit_code == 0
    refresh(path)
    assert SECRET.encode() in came[0]
    listed = roc("trust").output
    assert f"env:ROC_DB may be sent to 127.0.0.1:{port}" in listed
    assert SECRET not in listed + settings_file().read_text()
    assert "2 agreements" in roc("trust", f"127.0.0.1:{port}", "--remove").output
    assert refresh(path)[1] == line


@pytest.mark.parametrize("other", ["127.0.0.1:1", "127.0.0.2:{port}", "localhost:{port}"])
def test_a_password_belongs_to_one_server(tmp_path, thief, other, monkeypatch):
    port, came = thief
    monkeypatch.setenv("ROC_DB", SECRET)
    roc("trust", other.format(port=port), "env:ROC_DB")
    path = book(tmp_path / "gift.xlsx", f"postgresql://x@127.0.0.1:{port}/db", "env:ROC_DB")
    assert refresh(path)[1].startswith("trust ")
    assert came == []


class Answers:
    """A user who answers each question the same way."""

    def __init__(self, answer):
        self.answer, self.questions = answer, []

    def __call__(self, key, question):
        self.questions.append(question)
        return self.answer


def test_a_question_is_asked_once_for_each_book(tmp_path):
    source = Source("s", "postgresql://me@db.example.com/shop", "orders", credential="env:ROC_DB")
    plan, other = book(tmp_path / "plan.xlsx", ""), book(tmp_path / "other.xlsx", "")
    no, yes = Answers(False), Answers(True)
    with pytest.raises(
        NotTrusted, match=r"plan.xlsx may not read db.example.com:5432 and send the password env:ROC_DB"
    ):
        permit(source, str(plan), no)
    permit(source, str(plan), yes)
    permit(source, str(plan), yes)
    assert yes.questions == [
        "plan.xlsx wants to read db.example.com:5432 and send the password env:ROC_DB to db.example.com:5432. "
        "Allow it from now on?"
    ]
    permit(source, str(other), yes)
    assert yes.questions[1:] == ["other.xlsx wants to read db.example.com:5432. Allow it from now on?"]


@pytest.mark.parametrize(
    ("location", "outside"),
    [
        ("orders.csv", ""),
        ("exports/*.csv", ""),
        ("{folder}/orders.csv", ""),
        ("duckdb:shop.duckdb", ""),
        ("../orders.csv", "{parent}/orders.csv"),
        ("exports/../../*.csv", "{parent}/*.csv"),
        ("/etc/passwd.csv", "/etc/passwd.csv"),
        ("duckdb:/srv/shop.duckdb", "/srv/shop.duckdb"),
        ("link/orders.csv", "{parent}/elsewhere/orders.csv"),
        ("\\\\Server\\share\\orders.csv", "\\\\server\\share\\orders.csv"),
        ("//Server/share/orders.csv", "//server/share/orders.csv"),
        ("postgresql://me@DB.example.com/shop", "db.example.com:5432"),
        ("spark://Cluster", "cluster:7077"),
        ("sc://cluster:443", "cluster:443"),
    ],
)
def test_what_lies_outside_the_books_folder(tmp_path, location, outside):
    folder = tmp_path / "mine"
    folder.mkdir()
    (tmp_path / "elsewhere").mkdir()
    (folder / "link").symlink_to(tmp_path / "elsewhere")
    source = Source("s", location.format(folder=folder), table="t")
    assert outside_place(source, folder) == outside.format(parent=tmp_path)


def test_sparks_own_session_reads_files_too(tmp_path):
    assert outside_place(Source("s", "local[2]", "/srv/orders.parquet"), tmp_path) == "/srv/orders.parquet"
    assert outside_place(Source("s", "local[2]", "orders"), tmp_path) == ""


@pytest.mark.parametrize(
    ("wanted", "host", "least", "used"),
    [
        ("prefer", "db.example.com", "require", "require"),
        ("disable", "db.example.com", "prefer", "require"),
        ("verify-full", "db.example.com", "require", "verify-full"),
        ("require", "db.example.com", "verify-ca", "verify-ca"),
        ("prefer", "10.0.0.7", "require", "require"),
        ("prefer", "127.0.0.1.example.com", "require", "require"),
        ("prefer", "127.8.0.1", "verify-full", "prefer"),
        ("disable", "localhost", "verify-full", "disable"),
        ("prefer", None, "require", "prefer"),
    ],
)
def test_connections_to_other_computers_are_encrypted(wanted, host, least, used):
    Settings(sslmode=least).write()
    assert ssl_mode(wanted, host) == used


def test_a_wrong_sslmode_is_named():
    with (
        pytest.raises(SourceError, match="sslmode is 'none' in Location; write one of disable, allow"),
        connect(Source("s", "postgresql://me@127.0.0.1:1/db?sslmode=none", "t", "i", "d", "a")),
    ):
        pass


@pytest.mark.parametrize("content", ["{", "[]", '{"places": 3}', '{"sslmode": "weak"}', '{"places": [["a"]]}'])
def test_damaged_settings_allow_nothing(tmp_path, content):
    settings_file().parent.mkdir(parents=True, exist_ok=True)
    settings_file().write_text(content)
    source = Source("s", "postgresql://me@db.example.com/shop", "orders")
    with pytest.raises(SourceError, match=re.escape(str(settings_file()))):
        permit(source, "plan.xlsx", Answers(True))
