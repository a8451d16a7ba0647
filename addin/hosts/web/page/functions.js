// The custom functions: Excel's cells go to the worker, and its answers come back in their order; buttons go with them.
/* global CATALOGUE, CustomFunctions */
"use strict";

const LAST_ROW = 1048576;
const LAST_COLUMN = 16384;
const AT_ONCE = 16; // calls that the worker has at a time; those behind them can still be cancelled

const ours = new RegExp(`(?<![\\w.])(?:_xldudf_)?(${CATALOGUE.map((metric) => metric.name).join("|")})(?=\\()`, "gi");
const isBlank = (cell) => cell === null || cell === undefined || cell === "";
const ENDED = (fault) => (/MemoryError|memory|Maximum call stack/.test(fault)
  ? "needs more memory than the browser has; give it fewer rows. Python was started again"
  : `could not be calculated (${fault.trim().split("\n").at(-1)}); Python was started again`);
const failed = (error, reason) => ({ rows: [[{ error, reason }]], note: "" });

class Python {
  constructor(site, { pyodide, core, buttons }) {
    const [at, ...archives] = [pyodide, core, buttons].map((address) => new URL(address, site).href);
    this.start = { pyodide: at, core: archives[0], buttons: archives[1] };
    this.script = new URL("worker.js", site).href + new URL(core, site).search;
    this.limits = { start: 180, call: 60, button: 900 }; // seconds
    this.waiting = [];
    this.flying = [];
    this.numbers = 0;
    this.onstate = () => {};
    this.begin();
  }

  begin() {
    this.sheets = new Map(); // text to number, of those that the worker has
    // made from a blob, the worker keeps to the page's content security policy
    const code = new Blob([`importScripts(${JSON.stringify(this.script)});`], { type: "text/javascript" });
    const address = URL.createObjectURL(code);
    this.worker = new Worker(address);
    this.worker.onmessage = ({ data }) => this.hear(data);
    this.worker.onerror = (event) =>
      this.flying.length ? this.giveUp(ENDED(event.message ?? "")) : this.fail(event.message || "its files cannot be fetched");
    this.worker.postMessage(this.start);
    this.tell("starting");
    this.watch(this.limits.start, () => this.fail(`nothing came for ${this.limits.start} seconds`));
  }

  tell(state, reason = "") {
    this.state = state;
    this.reason = reason;
    this.onstate(state, reason);
  }

  restart() {
    this.worker.terminate();
    this.waiting.unshift(...this.flying.splice(0));
    this.begin();
  }

  fail(reason) {
    this.worker.terminate();
    clearTimeout(this.timer);
    this.tell("failed", reason);
    for (const call of [...this.flying.splice(0), ...this.waiting.splice(0)]) call.resolve(call.failed(this.unavailable()));
  }

  unavailable() {
    return `Python cannot be loaded (${this.reason}); open the pane from About and press Try again`;
  }

  watch(seconds, late) {
    clearTimeout(this.timer);
    this.timer = setTimeout(late, seconds * 1000);
  }

  /** The answer to a cell's call. */
  ask(metric, given, cancelled) {
    return this.queue({
      name: metric.name, limit: "call", failed: (reason) => failed("#N/A", reason), advice: "give it fewer rows",
      packed: () => packed(metric, given),
    }, cancelled);
  }

  /** The reply to a button's request; `tell` hears what is being done. */
  press(request, files, tell) {
    return this.queue({
      name: request.title, limit: "button", failed: (error) => ({ error }), advice: "nothing was changed", tell,
      packed: () => ({ message: { ...this.numbered(request), files }, moved: [] }),
    });
  }

  /** A request with numbers for its sheets, and the text of those sheets that the worker does not have from the last. */
  numbered({ snapshots, ...others }) {
    const known = this.sheets;
    const texts = {};
    this.sheets = new Map();
    const number = (text) => {
      if (!this.sheets.has(text)) this.sheets.set(text, known.get(text) ?? String(++this.numbers));
      if (!known.has(text)) texts[this.sheets.get(text)] = text;
      return this.sheets.get(text);
    };
    const sent = snapshots.map((snapshot) => ({ ...snapshot,
      sheets: Object.fromEntries(Object.entries(snapshot.sheets).map(([name, text]) => [name, number(text)])) }));
    return { request: JSON.stringify({ ...others, snapshots: sent }), texts };
  }

  queue(call, cancelled) {
    if (this.state === "failed") return Promise.resolve(call.failed(this.unavailable()));
    return new Promise((resolve) => {
      call.resolve = resolve;
      this.waiting.push(call);
      cancelled?.(() => {
        this.waiting = this.waiting.filter((each) => each !== call);
        resolve(call.failed(`${call.name} was cancelled`));
      });
      this.send();
    });
  }

  send() {
    while (this.state === "ready" && this.waiting.length && this.flying.length < AT_ONCE) {
      const call = this.waiting.shift();
      const { message, moved } = call.packed();
      this.worker.postMessage(message, moved);
      if (this.flying.push(call) === 1) this.watchCall();
    }
  }

  watchCall() {
    const { limit, advice } = this.flying[0];
    this.watch(this.limits[limit], () =>
      this.giveUp(`took longer than ${this.limits[limit]} seconds and was stopped; ${advice}`));
  }

  /** End what Python is doing; it starts again for what waits. */
  stop() {
    if (this.flying.length) this.giveUp("was stopped; nothing was changed");
  }

  giveUp(what) {
    const call = this.flying.shift();
    call.resolve(call.failed(`${call.name} ${what}`));
    this.restart();
  }

  hear({ state, reason, said, fault, doing, done, of }) {
    if (doing) return this.flying[0]?.tell?.(doing, done, of);
    if (state === "failed") return this.fail(reason);
    if (state === "loading") return this.watch(this.limits.start, () => this.fail("a download does not end"));
    if (state === "ready") this.tell("ready");
    if (fault) return this.giveUp(ENDED(fault));
    if (said) this.flying.shift().resolve(said);
    if (this.flying.length) this.watchCall();
    else clearTimeout(this.timer);
    return this.send();
  }
}

/** The arguments as JSON; a range of numbers and blanks as an array, NaN where blank. */
function packed(metric, given) {
  const arrays = [];
  const sent = clipped(given).map((rows, index) => {
    const numbers = rows && metric.params[index].array ? numbersOf(rows) : null;
    return numbers ? arrays.push(numbers) - 1 : rows;
  });
  const message = { name: metric.name, text: JSON.stringify(sent), arrays };
  return { message, moved: arrays.map((array) => array.buffer) };
}

function numbersOf(rows) {
  const numbers = new Float64Array(rows.length * rows[0].length);
  let at = 0;
  for (const row of rows) {
    for (const cell of row) {
      if (typeof cell === "number") numbers[at++] = cell;
      else if (isBlank(cell)) numbers[at++] = NaN;
      else return null;
    }
  }
  return numbers;
}

/** Whole columns and rows down to the last cell that holds something in any of them. */
function clipped(given) {
  const ranges = given.map((cells) =>
    cells === null || cells === undefined ? null : Array.isArray(cells) ? cells : [[cells]]);
  const tall = ranges.filter((rows) => rows?.length === LAST_ROW);
  const wide = ranges.filter((rows) => rows?.[0].length === LAST_COLUMN);
  const height = Math.max(1, ...tall.map((rows) => rows.findLastIndex((row) => !row.every(isBlank)) + 1));
  const width = Math.max(1, ...wide.flatMap((rows) =>
    rows.map((row) => row.findLastIndex((cell) => !isBlank(cell)) + 1)));
  return ranges.map((rows) => {
    const short = tall.includes(rows) ? rows.slice(0, height) : rows;
    return wide.includes(rows) ? short.map((row) => row.slice(0, width)) : short;
  });
}

const CODES = { "#DIV/0!": "divisionByZero", "#NUM!": "invalidNumber", "#N/A": "notAvailable", "#NULL!": "nullReference",
  "#NAME?": "invalidName", "#REF!": "invalidReference" };
const reasons = new Map(); // address of a cell to what Explain says of it

function shown(cell) {
  if (cell === null || typeof cell !== "object") return cell;
  const code = CustomFunctions.ErrorCode[CODES[cell.error]] ?? CustomFunctions.ErrorCode.invalidValue;
  return new CustomFunctions.Error(code, cell.reason || undefined); // Excel shows a reason with #N/A and #VALUE!
}

async function calculated(python, metric, given, invocation) {
  const { rows, note } = await python.ask(metric, given, (stop) => { invocation.onCanceled = stop; });
  const error = rows.flat().find((cell) => cell?.error);
  const text = error ? `${error.error} ${error.reason || "was given in an argument."}` : note;
  if (text) reasons.set(plainAddress(invocation.address ?? ""), text);
  else reasons.delete(plainAddress(invocation.address ?? ""));
  const answer = rows.map((row) => row.map(shown));
  if (error && rows.length === 1 && rows[0].length === 1) throw answer[0][0];
  return answer;
}

/** An address without the quotes that a sheet's name may have. */
function plainAddress(address) {
  return address.replace(/^'(.*)'!/, (_, sheet) => `${sheet.replaceAll("''", "'")}!`).replaceAll("$", "");
}

function associate(python) {
  for (const metric of CATALOGUE) {
    CustomFunctions.associate(metric.name, (...given) => calculated(python, metric, given.slice(0, -1), given.at(-1)));
  }
}
