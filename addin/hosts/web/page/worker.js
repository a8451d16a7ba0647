// Python in a worker, so that Excel and the pane answer while it calculates. One call or button after the other.
"use strict";
let python, answer, press, archives;
let turn = Promise.resolve();

self.onmessage = ({ data }) => {
  turn = turn.then(() => (data.core ? start(data) : carryOut(data)));
};

async function start({ core, buttons, pyodide }) {
  try {
    importScripts(`${pyodide}pyodide.js`);
    archives = { buttons };
    const [made, archive] = await Promise.all([loadPyodide({ indexURL: pyodide, packages: ["numpy"] }), fetched(core)]);
    python = made;
    unpack(archive);
    python.runPython("import sys; sys.path.insert(0, '/core')");
    answer = python.pyimport("addin.hosts.web.bridge").answer;
    self.postMessage({ state: "ready" });
  } catch (fault) {
    self.postMessage({ state: "failed", reason: String(fault.message ?? fault) });
  }
}

async function fetched(address) {
  const archive = await fetch(address);
  if (!archive.ok) throw new Error(`${address} cannot be fetched (${archive.status})`);
  return archive.arrayBuffer();
}

const unpack = (archive) => python.unpackArchive(archive, "zip", { extractDir: "/core" });

async function load(name) {
  self.postMessage({ state: "loading", name });
  await python.loadPackage(name, { messageCallback: () => {}, errorCallback: () => {} });
}

async function carryOut(message) {
  try {
    const asked = message.request ? await forButton(message) : () => forCell(message);
    let said = asked();
    while (said.need) {
      const { need } = said;
      await load(need);
      said = asked();
      if (said.need === need) throw new Error(`${need} cannot be fetched; look at the network connection`);
    }
    if (said.file) said.bytes = python.FS.readFile(said.file);
    self.postMessage({ said });
  } catch (fault) {
    self.postMessage({ fault: String(fault.message ?? fault) });
  }
}

function forCell({ name, text, arrays }) {
  if (!arrays.length) return JSON.parse(answer(name, text));
  const given = python.toPy(arrays);
  try {
    return JSON.parse(answer(name, text, given));
  } finally {
    given.destroy();
  }
}

async function forButton({ request, texts, files }) {
  if (!press) {
    self.postMessage({ doing: "Loading what buttons need" });
    unpack(await fetched(archives.buttons));
    python.runPython("import os; os.umask(0o022)"); // else nothing that was written could be read
    press = python.pyimport("addin.hosts.web.press").press;
  }
  for (const { name, bytes } of files) python.FS.writeFile(name, new Uint8Array(bytes));
  return () => {
    const sheets = python.toPy(texts);
    try {
      return JSON.parse(press(request, sheets, (doing, done, of) => self.postMessage({ doing, done, of })));
    } finally {
      sheets.destroy();
    }
  };
}
