"""The same orders and answers in every engine, and the engines themselves."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pandas as pd
import pytest
from shop import ANSWERS, COLUMNS, HEADINGS, ORDERS, PASSWORD, READER, WRITTEN, at, cdnow

from addin.sources import Source, connect


def missing(what, reason):
    """Skip, or fail where the engine is required."""
    if os.environ.get(f"REQUIRE_{what}"):
        pytest.fail(f"REQUIRE_{what} is set, and {reason}")
    pytest.skip(reason)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def tables():
    """Name to DataFrame: the tricky orders, the answers, and CDNOW."""
    orders = pd.DataFrame([(*row, "web") for row in ORDERS], columns=HEADINGS)
    answers = pd.DataFrame(ANSWERS, columns=["score", "day", "segment"]).astype({"score": "Int64"})
    written = pd.DataFrame(WRITTEN, columns=["score", "day", "segment"])
    many = pd.DataFrame(cdnow(), columns=["id", "day", "dollars"])
    many["spent_cents"] = (many["dollars"].astype(float) * 100).round().astype("int64")
    return {"orders": orders, "answers": answers, "written": written, "cdnow": many}


@pytest.fixture(scope="session")
def folder(tables, tmp_path_factory):
    """The tables as CSV, as Parquet and in a DuckDB database."""
    place = tmp_path_factory.mktemp("data's")
    with duckdb.connect(place / "shop.duckdb") as database:
        for name, frame in tables.items():
            frame.to_csv(place / f"{name}.csv", index=False)
            database.register("frame", frame)
            day = '"Order Date"' if name == "orders" else "day"
            database.execute(f"CREATE TABLE {name} AS SELECT * REPLACE ({day}::TIMESTAMP AS {day}) FROM frame")
            database.execute(f"COPY {name} TO '{str(place).replace(chr(39), chr(39) * 2)}/{name}.parquet'")
    return place


@pytest.fixture(scope="session")
def postgres(tables):
    """A server of our own on the loopback, with the tables and a role that may only read them."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres")) or [Path(shutil.which("postgres") or "")]
    binary = found[-1].parent
    if not (binary / "initdb").exists():
        missing("POSTGRES", "PostgreSQL's server is not installed")
    import pwd

    import psycopg2

    user = "postgres" if os.getuid() == 0 else None
    if user and user not in {entry.pw_name for entry in pwd.getpwall()}:
        missing("POSTGRES", "the tests run as root, and there is no user postgres to run the server")
    home = Path(tempfile.mkdtemp(prefix="roc-postgres-"))
    (home / "password").write_text(PASSWORD)
    if user:
        for path in (home, home / "password"):
            shutil.chown(path, user)
    port = free_port()
    as_user = {"user": user, "cwd": home, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    initdb = [binary / "initdb", "-D", home / "data", "-U", "owner", "-A", "scram-sha-256", "-E", "UTF8", "--no-sync"]
    subprocess.run([*initdb, "--locale=C", f"--pwfile={home / 'password'}"], check=True, timeout=60, **as_user)
    settings = ["-h", "127.0.0.1", "-p", str(port), "-k", "", "-c", "fsync=off", "-c", "timezone=Asia/Tokyo"]
    server = subprocess.Popen([binary / "postgres", "-D", home / "data", *settings], **as_user)
    login = {"host": "127.0.0.1", "port": port, "password": PASSWORD}
    try:
        for _ in range(100):
            try:
                connection = psycopg2.connect(user="owner", dbname="postgres", **login)
                break
            except psycopg2.OperationalError:
                time.sleep(0.1)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE ROLE {READER} LOGIN PASSWORD %s", [PASSWORD])
            cursor.execute(
                'CREATE TABLE orders ("Customer" text, "Order Date" timestamp, "Paid ""€""" float8, shop text)'
            )
            cursor.execute("CREATE TABLE answers (score int, day timestamptz, segment varchar(20))")
            cursor.execute("CREATE TABLE written (score text, day timestamptz, segment varchar(20))")
            cursor.execute("CREATE TABLE cdnow (id varchar, day date, dollars numeric(12, 2), spent_cents bigint)")
            for name, frame in tables.items():
                for row in (
                    frame.astype(object).where(frame.notna(), None).itertuples(index=False) if name != "cdnow" else ()
                ):
                    values = [value.to_pydatetime() if isinstance(value, pd.Timestamp) else value for value in row]
                    if name in ("answers", "written") and values[1]:
                        values[1] = f"{values[1]}+00"
                    cursor.execute(f"INSERT INTO {name} VALUES ({', '.join(['%s'] * len(values))})", values)
            with (Path(home) / "cdnow.csv").open("w+") as stream:
                tables["cdnow"].to_csv(stream, index=False, header=False)
                stream.seek(0)
                cursor.copy_expert("COPY cdnow FROM STDIN CSV", stream)
            cursor.execute(f"GRANT SELECT ON orders, answers, written, cdnow TO {READER}")
        connection.close()
        yield SimpleNamespace(port=port, location=f"postgresql://{READER}@127.0.0.1:{port}/postgres", login=login)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(20)
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def spark():
    """One Spark session on this machine for all tests."""
    if find_spec("pyspark") is None or shutil.which("java") is None:
        missing("SPARK", "PySpark or Java is not installed")
    from pyspark.sql import SparkSession

    os.environ |= {"SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
    settings = {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "2",
        "spark.ui.enabled": "false",
    }
    session = SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


@pytest.fixture(
    scope="session",
    params=["csv", "parquet", "duckdb", "postgresql", pytest.param("spark", marks=pytest.mark.thorough)],
)
def place(request, folder):
    """A Source without columns for each engine; the table is to be filled in with `at`."""
    if request.param == "postgresql":
        os.environ["ROC_TEST_PASSWORD"] = PASSWORD
        return Source(
            "Shop", request.getfixturevalue("postgres").location, table="{}", credential="env:ROC_TEST_PASSWORD"
        )
    if request.param == "spark":
        request.getfixturevalue("spark")
        return Source("Shop", "local[2]", table=f"{folder}/{{}}.parquet")
    if request.param == "duckdb":
        return Source("Shop", f"duckdb:{folder / 'shop.duckdb'}", table="{}")
    return Source("Shop", f"{folder}/{{}}.{request.param}")


@contextmanager
def remembered(source):
    """An open source that gives each answer again without asking its engine again."""
    with connect(source) as data, pytest.MonkeyPatch.context() as patch:
        patch.setattr(data, "ask", cache(data.ask))
        yield data


@pytest.fixture(scope="session")
def orders(place):
    with remembered(at(place, "orders", **COLUMNS)) as data:
        yield data


@pytest.fixture(scope="session")
def answers(place):
    with remembered(at(place, "answers", score="score", date="day", segment="segment")) as data:
        yield data


@pytest.fixture(scope="session")
def many(place):
    with remembered(at(place, "cdnow", id="id", date="day", amount="dollars")) as data:
        yield data


@pytest.fixture
def write(tmp_path):
    """Write a CSV file as it is given, and name its source."""

    def written(content, name="orders.csv", **columns):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return Source("Shop", str(path), **{"id": "id", "date": "date", "amount": "amount"} | columns)

    return written
