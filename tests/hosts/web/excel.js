// A stand-in for Excel's object model: what was not loaded cannot be read, and nothing is written before sync.
window.book = { active: "Sheet1!B2", cells: { "Sheet1!B2": { formula: "=NPS(A1:A5)", value: "#VALUE!" } }, entered: {} };
window.Excel = {
  CalculationType: { full: "Full" },
  async run(act) {
    const queue = [];
    const sync = async () => { for (const step of queue.splice(0)) step(); };
    /** An object whose properties are there once they were loaded and synced. */
    function loaded(own, read) {
      const has = {};
      const load = (names) => queue.push(() => Object.assign(has, read(String(names))));
      return new Proxy({ ...own, load }, {
        get: (it, name) => {
          if (name in it) return it[name];
          if (name in has) return has[name];
          if (name === "then") return undefined;
          throw new Error(`${String(name)} was read before load and sync`);
        },
        set: (_, name, value) => { queue.push(() => read(`set ${name}`, value)); return true; },
      });
    }
    const cell = (at) => loaded({}, (names, value) => {
      if (names === "set formulas") {
        book.entered[at] = value[0][0];
        book.cells[at] = { ...book.cells[at], formula: value[0][0] };
      }
      const quoted = at.includes(" ") ? at.replace(/^(.*)!/, "'$1'!") : at;
      return { address: at.startsWith("'") ? at : quoted, text: [[book.cells[at]?.value ?? "#VALUE!"]] };
    });
    const failing = (sheet) => {
      const found = Object.entries(book.cells).filter(([at, { value }]) => at.startsWith(`${sheet}!`) && value[0] === "#");
      return loaded({}, () => ({
        isNullObject: !found.length,
        areas: { items: found.map(([at, { formula, value }]) => ({
          formulas: [[formula]], values: [[value]], getCell: () => cell(at) })) },
      }));
    };
    const worksheets = loaded({}, () => ({
      items: ["Sheet1", "My data", "Empty"].map((name) => ({
        getRange: () => ({ getSpecialCellsOrNullObject: () => failing(name) }) })),
    }));
    const application = { calculate: (how) => queue.push(() => { book.calculated = how; }) };
    const result = await act({ sync, workbook: { worksheets, application, getActiveCell: () => cell(book.active) } });
    await sync();
    return result;
  },
};
