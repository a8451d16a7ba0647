// The workbook: read into a snapshot, and changed by steps, all of them or none.
/* global Office, ours */
"use strict";

const AT_ONCE_CELLS = 20000; // Excel on the web takes and gives 5 MB at a time
const NOTE = "roc ";
const TEXT = "@";
const LOOK_AGAIN = 200; // milliseconds between two looks at whether Excel has calculated
const LONGEST_CALCULATION = 60000;

const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
const cellsOf = (sheet, [top, left, bottom, right]) =>
  sheet.getRangeByIndexes(top - 1, left - 1, bottom - top + 1, right - left + 1);

/** An area in parts of whole rows that Excel takes at once. */
function* parts([top, left, bottom, right]) {
  const rows = Math.max(1, Math.floor(AT_ONCE_CELLS / (right - left + 1)));
  for (let row = top; row <= bottom; row += rows) yield [row, left, Math.min(bottom, row + rows - 1), right];
}

/** What Python needs to know of the workbook; with the areas that our formulas spill into where they are wanted. */
async function snapshot(context, { withSpills = false } = {}) {
  const { worksheets, tables, names, properties } = context.workbook;
  worksheets.load("items/name");
  tables.load("items/name,items/showTotals");
  names.load("items/name,items/formula");
  properties.custom.load("items/key,items/value");
  await context.sync();
  const used = worksheets.items.map((sheet) => sheet.getUsedRangeOrNullObject(true));
  for (const range of used) range.load("rowIndex,columnIndex,rowCount,columnCount");
  const areas = tables.items.map((table) => ({ table, range: table.getRange(), sheet: table.worksheet }));
  for (const { range, sheet } of areas) {
    range.load("rowIndex,columnIndex,rowCount,columnCount");
    sheet.load("name");
  }
  await context.sync();
  const sheets = {};
  const ourCells = [];
  for (const [index, sheet] of worksheets.items.entries()) {
    const read = await cells(context, sheet, used[index]);
    sheets[sheet.name] = JSON.stringify(read);
    if (withSpills) {
      for (const [row, column, formula] of read.formulas) if (formula.match(ours)) ourCells.push([sheet.name, row, column]);
    }
  }
  return {
    title: Office.context?.document?.url || "this workbook",
    sheets,
    tables: areas.map(({ table, range, sheet }) => ({
      name: table.name, sheet: sheet.name, top: range.rowIndex + 1, left: range.columnIndex + 1,
      bottom: range.rowIndex + range.rowCount, right: range.columnIndex + range.columnCount, totals: table.showTotals,
    })),
    names: Object.fromEntries(names.items.map(({ name, formula }) => [name, String(formula).replace(/^=/, "")])),
    notes: Object.fromEntries(properties.custom.items
      .filter(({ key }) => key.startsWith(NOTE)).map(({ key, value }) => [key.slice(NOTE.length), String(value)])),
    spills: await spills(context, ourCells),
  };
}

async function cells(context, sheet, used) {
  if (used.isNullObject) return { columns: [], formulas: [] };
  const columns = Array.from({ length: used.columnIndex + used.columnCount }, () => []);
  const formulas = [];
  for (const part of parts([1, 1, used.rowIndex + used.rowCount, used.columnIndex + used.columnCount])) {
    const range = cellsOf(sheet, part);
    range.load("values,formulas");
    await context.sync();
    for (const row of range.values) row.forEach((value, c) => columns[c].push(value));
    range.formulas.forEach((row, r) => row.forEach((formula, c) => {
      const isFormula = typeof formula === "string" && formula[0] === "=" && formula !== range.values[r][c];
      if (isFormula) formulas.push([part[0] + r, c + 1, formula]);
    }));
  }
  return { columns, formulas };
}

async function spills(context, places) {
  const found = places.map(([name, row, column]) => {
    const cell = context.workbook.worksheets.getItem(name).getRangeByIndexes(row - 1, column - 1, 1, 1);
    const area = cell.getSpillingToRangeOrNullObject();
    cell.load("address");
    area.load("address");
    return { name, cell, area };
  });
  await context.sync();
  const within = (address) => address.slice(address.lastIndexOf("!") + 1);
  return Object.fromEntries(found.filter(({ area }) => !area.isNullObject).map(({ name, cell, area }) =>
    [`${name}!${within(cell.address)}`, within(area.address)]));
}

/** The snapshot once Excel has calculated, our own functions included. */
async function onceCalculated(context, how) {
  const { application } = context.workbook;
  application.calculate(how);
  for (let waited = 0; ; waited += LOOK_AGAIN) {
    application.load("calculationState");
    await context.sync();
    if (application.calculationState === "Done" || waited >= LONGEST_CALCULATION) {
      const read = await snapshot(context);
      const busy = Object.values(read.sheets).some((text) => text.includes('"#BUSY!"'));
      if (!busy || waited >= LONGEST_CALCULATION) return read;
    }
    await pause(LOOK_AGAIN);
  }
}

/** Do to the workbook what an action wrote; sheets that are protected are opened for it. */
async function carryOut(context, steps) {
  const { worksheets } = context.workbook;
  const opened = await unprotected(context, new Set(steps.map((step) => step.sheet).filter(Boolean)));
  try {
    for (const step of steps) await STEPS[step.do](context, step, step.sheet && worksheets.getItem(step.sheet));
    await context.sync();
  } finally {
    for (const { protection, options } of opened) protection.protect(options);
    await context.sync();
  }
}

async function unprotected(context, names) {
  const found = [...names].map((name) => ({ name, protection: context.workbook.worksheets.getItem(name).protection }));
  for (const { protection } of found) protection.load("protected,options");
  await context.sync();
  const closed = found.filter(({ protection }) => protection.protected)
    .map(({ name, protection }) => ({ name, protection, options: protection.options }));
  for (const { name, protection } of closed) {
    protection.unprotect();
    await context.sync().catch(() => {
      throw new Error(`the sheet ${name} has a password; unprotect it, then try again`);
    });
  }
  return closed;
}

const STEPS = {
  async put(context, { area, columns }, sheet) {
    for (const part of parts(area)) {
      const rows = Array.from({ length: part[2] - part[0] + 1 }, (_, r) =>
        columns.map((contents) => contents[part[0] - area[0] + r]));
      await write(context, cellsOf(sheet, part), rows);
    }
  },

  async fill(context, { area, formula }, sheet) {
    for (const [top, left, bottom, right] of parts(area)) {
      const rows = Array.from({ length: bottom - top + 1 }, () => Array(right - left + 1).fill(formula));
      await write(context, cellsOf(sheet, [top, left, bottom, right]), rows);
    }
  },

  resize(context, step, sheet) {
    const table = context.workbook.tables.getItem(step.table);
    const rows = (first, last) => cellsOf(sheet, [first, step.left, last, step.right]);
    table.clearFilters(); // which would hide rows from what is written
    if (step.to !== step.from) table.resize(rows(step.top, step.to));
    if (step.to > step.from) rows(step.from, step.from).autoFill(rows(step.from, step.to), "FillCopy");
    if (step.clear > step.to) rows(step.to + 1, step.clear).clear();
  },

  name(context, { name, formula }) {
    context.workbook.names.getItem(name).formula = `=${formula}`;
  },

  async note(context, { name, text }) {
    const { custom } = context.workbook.properties;
    const there = custom.getItemOrNullObject(NOTE + name);
    there.load("key");
    await context.sync();
    if (text) custom.add(NOTE + name, text);
    else if (!there.isNullObject) there.delete();
  },
};

/** Write contents; a cell formatted as text would keep an apostrophe and take a number for text. */
async function write(context, range, contents) {
  range.load("numberFormat");
  await context.sync();
  const formats = range.numberFormat;
  const asText = formats.some((row) => row.includes(TEXT));
  if (asText) range.numberFormat = formats.map((row) => row.map((each) => (each === TEXT ? "General" : each)));
  range.formulas = contents;
  if (asText) range.numberFormat = formats;
  await context.sync();
}

/** The workbook's file as it is now. */
function file() {
  return new Promise((resolve, reject) => {
    const given = (then) => ({ status, value, error }) =>
      (status === Office.AsyncResultStatus.Succeeded ? then(value) : reject(new Error(error.message)));
    Office.context.document.getFileAsync(Office.FileType.Compressed, given(async (found) => {
      const slices = [];
      const next = (number) => (number === found.sliceCount
        ? found.closeAsync(() => resolve(new Blob(slices).arrayBuffer()))
        : found.getSliceAsync(number, given(({ data }) => {
          slices.push(new Uint8Array(data));
          next(number + 1);
        })));
      next(0);
    }));
  });
}
