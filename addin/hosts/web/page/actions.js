// What a button does to the workbook: Python says the steps, Excel takes them, and Undo keeps the way back.
/* global Excel, Office, python, snapshot, onceCalculated, carryOut, file */
"use strict";

const UNSAVED = "unsaved";

const shelf = () => caches.open("undo"); // on this computer alone, kept when the pane is closed
const shelved = () => new URL(`undo/${encodeURIComponent(Office.context?.document?.url || unsaved())}`, document.baseURI).href;

/** What stands for a workbook that has no address yet, which no other pane may take for its own. */
function unsaved() {
  if (!sessionStorage.getItem(UNSAVED)) sessionStorage.setItem(UNSAVED, crypto.randomUUID());
  return sessionStorage.getItem(UNSAVED);
}

async function keep(step) {
  const kept = await shelf();
  if (step) await kept.put(shelved(), new Response(JSON.stringify(step)));
  else await kept.delete(shelved());
}

async function kept() {
  const found = await (await shelf()).match(shelved());
  return found ? found.json() : null;
}

const bookName = () => decodeURIComponent((Office.context.document.url ?? "").split(/[\\/]/).pop()) || "workbook.xlsx";

/** How the user writes numbers and days. */
function habits() {
  const language = Office.context?.contentLanguage || navigator.language;
  const parts = (format, value) => format.formatToParts(value).map(({ type, value: text }) => [type, text]);
  const decimal = new Map(parts(new Intl.NumberFormat(language), 1.5)).get("decimal");
  const order = parts(new Intl.DateTimeFormat(language), new Date()).map(([type]) => type);
  return { decimal, month_first: order.indexOf("month") < order.indexOf("day") };
}

/** Carry out a button: what came of it, or a window to fill in. `ask` puts a question, `tell` says what is done. */
async function act(button, { values, seen, files, ask, tell, stopped }) {
  const shares = button.name === "share";
  const read = () => Excel.run((context) => snapshot(context, { withSpills: shares }));
  const given = shares ? [{ name: bookName(), bytes: await file() }] : files;
  const request = {
    button: button.name, title: button.title, values, seen, files: given.map(({ name }) => name), agreed: [], refused: [],
    kept: button.name === "undo" ? await kept() : null, habits: habits(), snapshots: [await read()],
  };
  let back = [];
  try {
    for (;;) {
      if (stopped()) return { error: `${button.title} was stopped; nothing was changed` };
      const said = await python.press(request, given, tell);
      if (said.steps) {
        back = said.back;
        tell("Writing");
        await Excel.run((context) => carryOut(context, said.steps));
        tell("Calculating");
        const how = button.name === "refresh_book" ? "Full" : "Recalculate";
        request.snapshots.push(await Excel.run((context) => onceCalculated(context, how)));
      } else if (said.ask) {
        const agrees = await ask(said.ask);
        if (!agrees && !said.optional) return { done: "Cancelled; nothing was changed" };
        (agrees ? request.agreed : request.refused).push(said.key);
        request.snapshots = [await read()];
      } else {
        if (said.error) await putBack(back);
        else if (said.undo || button.name === "undo") await keep(said.undo);
        return said;
      }
    }
  } catch (fault) {
    await putBack(back);
    return { error: `Nothing was changed: ${fault.message}` };
  }
}

const putBack = (steps) => (steps.length ? Excel.run((context) => carryOut(context, steps)) : null);

/** Open the copy that Share made as a new workbook. */
async function opened(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  await Excel.createWorkbook(btoa(text));
}
