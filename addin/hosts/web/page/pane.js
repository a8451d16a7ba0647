// The pane and the buttons of the ribbon.
/* global BUTTONS, CATALOGUE, Excel, Office, Python, act, associate, opened, ours, plainAddress, reasons */
"use strict";

const part = (id) => document.getElementById(id);
const written = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });

const python = new Python(document.baseURI, document.body.dataset);
associate(python);

function showState(state, reason) {
  const texts = {
    starting: "Python is starting; until it is ready cells show #BUSY!.",
    ready: "Python is ready.",
    failed: `Python cannot be loaded: ${reason}`,
  };
  part("state").textContent = texts[state];
  part("state").classList.toggle("error", state === "failed");
  part("again").hidden = state !== "failed";
}
python.onstate = showState;
showState(python.state, python.reason);
part("again").addEventListener("click", () => {
  part("state").focus(); // before the button goes away
  python.begin();
  recalculate();
});

/** Say so where the browser has kept a page that is older than the server's. */
async function lookForNewer() {
  const page = await fetch("taskpane.html", { cache: "no-store" }).then((there) => there.text()).catch(() => "");
  part("newer").hidden = !page || page.includes(document.body.dataset.core);
}
lookForNewer();

/** Enter the formulas again that Excel has not bound to our functions, and calculate all. */
function recalculate() {
  return Excel.run(async (context) => {
    const { worksheets, application } = context.workbook;
    worksheets.load("items");
    await context.sync();
    const failing = worksheets.items.map((sheet) => {
      const cells = sheet.getRange().getSpecialCellsOrNullObject("Formulas", "Errors");
      cells.load("areas/items/formulas,areas/items/values");
      return cells;
    });
    await context.sync();
    for (const area of failing.flatMap((cells) => (cells.isNullObject ? [] : cells.areas.items))) {
      area.formulas.forEach((row, r) => row.forEach((formula, c) => {
        const bound = String(formula).replace(ours, "$1");
        if (area.values[r][c] === "#NAME?" && String(formula).match(ours)) area.getCell(r, c).formulas = [[bound]];
      }));
    }
    application.calculate(Excel.CalculationType.full);
    await context.sync();
  });
}

// --- pages

const pages = [...document.querySelectorAll("main > section")];
const tabs = BUTTONS.map((button) => {
  const tab = Object.assign(written("button", button.title), { type: "button", title: button.help });
  tab.addEventListener("click", () => press(button));
  part("buttons").append(tab);
  return tab;
});

function open(button) {
  const own = pages.some(({ id }) => id === button.name) ? button.name : "action";
  for (const page of pages) page.hidden = page.id !== own;
  BUTTONS.forEach(({ name }, index) => {
    if (name === button.name) tabs[index].setAttribute("aria-current", "page");
    else tabs[index].removeAttribute("aria-current");
  });
  return own;
}

function press(button) {
  if (!part("working").hidden || !part("question").hidden) return undefined; // one after the other
  switch (open(button)) {
    case "explain": return explain();
    case "action": return button.name === "recalculate" ? begin(button, recalculated) : begin(button, carriedOut);
    default: return undefined;
  }
}

// --- actions

let pressed; // the button, what is typed in its window, and its files

function begin(button, work) {
  part("action-title").textContent = button.title;
  part("action-help").textContent = button.help;
  part("result").textContent = "";
  pressed = { button, values: {}, seen: null, files: [], isStopped: false };
  return work();
}

const recalculated = () => showWork("Calculating", () => recalculate().then(() => ({ done: "Calculated" })));
const acted = () => act(pressed.button, { ...pressed, ask, tell, stopped: () => pressed.isStopped });
const carriedOut = () => showWork("Reading the workbook", acted);

async function showWork(doing, work) {
  part("action-title").focus(); // before what had it goes away
  part("window").hidden = true;
  part("buttons").inert = true; // one after the other
  part("working").hidden = false;
  tell(doing);
  const said = await work().catch((fault) => ({ error: fault.message }));
  const more = said.bytes ? await opened(said.bytes).then(
    () => "The copy is open as a new workbook; save it under a name of your own.",
    (fault) => `Excel does not open the copy: ${fault.message}`) : "";
  const isElsewhere = ![document.body, part("stop"), part("action-title")].includes(document.activeElement);
  part("working").hidden = true;
  part("buttons").inert = false;
  if (said.window) return showWindow(said.window);
  part("result").textContent = [said.error ?? said.done, more].filter(Boolean).join("\n");
  part("result").classList.toggle("error", Boolean(said.error));
  if (!isElsewhere) part("result").focus(); // what is said there is read out wherever one is
}

function tell(doing, done = 0, of = 0) {
  part("doing").textContent = `${doing} …`;
  const isWriting = ["Writing", "Calculating"].includes(doing); // Excel has begun
  if (isWriting && document.activeElement === part("stop")) part("action-title").focus();
  part("stop").hidden = isWriting;
  if (of) Object.assign(part("progress"), { max: of, value: done });
  else part("progress").removeAttribute("value");
}

part("stop").addEventListener("click", () => {
  pressed.isStopped = true;
  python.stop();
});

function ask(text) {
  part("question-text").textContent = text;
  part("working").hidden = true;
  part("question").hidden = false;
  part("question-text").focus();
  return new Promise((resolve) => {
    const answer = (agrees) => () => {
      part("action-title").focus();
      part("question").hidden = true;
      part("working").hidden = false;
      resolve(agrees);
    };
    part("yes").onclick = answer(true);
    part("no").onclick = answer(false);
  });
}

function showWindow({ rows, ok, problems, notes, tables, files, seen }) {
  part("window").hidden = false;
  part("ok").textContent = ok;
  part("problem").textContent = problems[""] ?? "";
  part("notes").replaceChildren(...notes.map((note) => written("p", note)));
  part("tables").replaceChildren(...Object.entries(tables).map(([name, lines]) => table(name, lines)));
  part("rows").replaceChildren(...(files ? [chooser(files)] : rows.map((row) => field(row, problems[row.name]))));
  pressed.seen = seen ? typed() : null;
  const wrong = part("problem").textContent ? part("problem") : part("rows").querySelector("[aria-invalid]");
  (wrong ?? part("rows").querySelector("input, select"))?.focus();
}

function chooser(kinds) {
  const input = Object.assign(document.createElement("input"), { type: "file", multiple: true, accept: kinds, id: "files" });
  const label = Object.assign(written("label", "Files"), { htmlFor: "files" });
  return group(label, input);
}

function field({ name, label, value, choices, typed }, problem) {
  const id = `field-${name}`;
  const input = document.createElement(choices.length && !typed ? "select" : "input");
  const described = written("small", problem ?? "");
  Object.assign(input, { id, name });
  if (typed) input.setAttribute("list", `${id}-choices`);
  const listed = Object.assign(document.createElement("datalist"), { id: `${id}-choices` });
  (typed ? listed : input).append(...choices.map((choice) => Object.assign(written("option", choice), { value: choice })));
  input.value = value;
  if (problem) {
    Object.assign(described, { id: `${id}-problem`, className: "error" });
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", described.id);
  }
  return group(Object.assign(written("label", label), { htmlFor: id }), input, ...(typed ? [listed] : []), described);
}

function group(...children) {
  const together = document.createElement("div");
  together.append(...children);
  return together;
}

function table(name, [headings, ...rows]) {
  const made = document.createElement("table");
  const line = (cells, tag) => {
    const row = document.createElement("tr");
    row.append(...cells.map((cell) => written(tag, cell)));
    return row;
  };
  made.append(written("caption", name), line(headings ?? [], "th"), ...rows.map((cells) => line(cells, "td")));
  const scrolled = group(made);
  Object.assign(scrolled, { className: "scrolled", tabIndex: 0 });
  scrolled.setAttribute("role", "region");
  scrolled.setAttribute("aria-label", name);
  return scrolled;
}

function typed() {
  const inputs = [...part("rows").querySelectorAll("input, select")];
  return Object.fromEntries(inputs.map(({ name, value }) => [name, value]));
}

part("window").addEventListener("submit", (event) => {
  event.preventDefault();
  const chosen = part("files")?.files;
  if (!chosen) {
    pressed.values = typed();
    carriedOut();
  } else if (chosen.length) {
    showWork("Reading the files", async () => {
      const read = async (file) => ({ name: file.name, bytes: await file.arrayBuffer() });
      pressed.files = await Promise.all([...chosen].map(read));
      return acted();
    });
  } else {
    part("problem").textContent = "No file is chosen; choose one or more, then press Look.";
    part("files").focus();
  }
});
part("cancel").addEventListener("click", () => {
  tabs[BUTTONS.indexOf(pressed.button)].focus(); // where it was opened
  part("window").hidden = true;
  part("result").textContent = "";
});

// --- keys

const shows = (id) => part(id).offsetParent !== null;
const ESCAPES = { question: "no", working: "stop", window: "cancel", help: "back" };

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
  const [, button] = Object.entries(ESCAPES).find(([id]) => shows(id)) ?? [];
  if (!button || !shows(button) || document.activeElement === part("search")) return; // which Escape empties
  event.preventDefault();
  part(button).click();
});

const STEPS_IN_LIST = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };

part("functions").addEventListener("keydown", (event) => {
  const listed = [...part("list").querySelectorAll("button")];
  const at = listed.indexOf(document.activeElement);
  const isFromSearch = document.activeElement === part("search") && event.key === "ArrowDown";
  if (!(event.key in STEPS_IN_LIST) || !listed.length || (at < 0 && !isFromSearch)) return;
  event.preventDefault();
  if (at === 0 && event.key === "ArrowUp") part("search").focus();
  else reach(listed[Math.min(listed.length - 1, Math.max(0, at + STEPS_IN_LIST[event.key]))]);
});

/** Go to an entry of the list, which is one stop of the Tab key. */
function reach(entry) {
  for (const other of part("list").querySelectorAll("button")) other.tabIndex = other === entry ? 0 : -1;
  entry.focus();
}

// --- functions

const words = (metric) => `${metric.signature} ${metric.family} ${metric.summary}`.toLowerCase();

function list() {
  const sought = part("search").value.toLowerCase().split(/\s+/);
  const found = CATALOGUE.filter((metric) => sought.every((word) => words(metric).includes(word)));
  part("found").textContent = found.length ? `${found.length} functions` : "No function has these words.";
  part("list").replaceChildren(...found.map((metric, index) => {
    const button = Object.assign(written("button", metric.name), { type: "button", tabIndex: index ? -1 : 0 });
    button.append(written("small", metric.summary));
    button.addEventListener("click", () => {
      reach(button);
      help(metric);
    });
    const item = document.createElement("li");
    item.append(button);
    return item;
  }));
}
part("search").addEventListener("input", list);

function help(metric) {
  part("signature").textContent = metric.signature;
  part("summary").textContent = [metric.summary, metric.notes].filter(Boolean).join(" ");
  const details = [...metric.params.map((param) => [param.name, param.help]), ["Gives", metric.returns],
    ["Formula", metric.formula], ["Errors", metric.errors], ["Source", metric.source], ["Example", metric.example]];
  part("details").replaceChildren(...details.flatMap(([term, text]) => [written("dt", term), written("dd", text)]));
  part("formula").value = metric.example;
  part("inserted").textContent = "";
  part("help").hidden = false;
  part("signature").focus();
}

part("back").addEventListener("click", () => {
  part("list").querySelector("button[tabindex='0']")?.focus();
  part("help").hidden = true;
});
part("insert").addEventListener("click", async () => {
  part("inserted").textContent = await Excel.run(async (context) => {
    const cell = context.workbook.getActiveCell();
    cell.formulas = [[part("formula").value]];
    cell.load("address");
    await context.sync();
    return `Inserted into ${cell.address}.`;
  }).catch((fault) => `Excel refuses the formula: ${fault.message}`);
});

// --- explain

async function explain() {
  const { address, text } = await Excel.run(async (context) => {
    const cell = context.workbook.getActiveCell();
    cell.load(["address", "text"]);
    await context.sync();
    return { address: cell.address, text: cell.text[0][0] };
  });
  const unknown = text.startsWith("#")
    ? "Nothing is known of this error: it comes from another formula, or from before the pane was there. "
      + "Calculate the cell again (F2, Enter)."
    : "This cell shows no error.";
  part("cell").textContent = `${plainAddress(address)}: ${text}`;
  part("reason").textContent = reasons.get(plainAddress(address)) ?? unknown;
}

// --- the ribbon

open(BUTTONS.find(({ name }) => name === "functions"));
list();
Office.onReady(({ host }) => {
  for (const button of BUTTONS) {
    Office.actions?.associate(button.name, async (event) => {
      await Office.addin.showAsTaskpane();
      press(button);
      event.completed();
    });
  }
  if (!host) return;
  Office.context.document.addHandlerAsync(Office.EventType.DocumentSelectionChanged, () => {
    if (!part("explain").hidden) explain();
  });
});
