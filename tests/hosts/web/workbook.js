// A stand-in for a workbook in Excel's object model: what was not loaded cannot be read, nothing is done before sync,
// text is taken for what it looks like, a protected sheet refuses, and formulas keep what they show.
window.fill = (filled) => {
  window.workbook = filled; // sheets: { name: { cells: { "row,column": { formula, value, format } }, isProtected } } …
  let pending = 0; // calculations that are not done
  const most = 20000; // cells at a time
  const key = (row, column) => `${row},${column}`;
  const letters = (number) => (number > 26 ? letters(Math.floor((number - 1) / 26)) : "")
    + String.fromCharCode(65 + ((number - 1) % 26));

  function taken(content, format) {
    if (typeof content !== "string") return { value: format === "@" ? String(content) : content };
    if (format === "@") return { value: content };
    if (content.startsWith("'")) return { value: content.slice(1) };
    if (content.startsWith("=")) return { formula: content, value: 0 };
    return { value: content !== "" && !Number.isNaN(Number(content)) ? Number(content) : content };
  }

  window.Excel = {
    CalculationType: { full: "Full" },
    createWorkbook: async (text) => { workbook.created = text; },
    async run(act) {
      const queue = [];
      const sync = async () => {
        while (queue.length) {
          try {
            queue.shift()();
          } catch (fault) {
            queue.length = 0;
            throw fault;
          }
        }
      };
      const later = (step) => { queue.push(step); };
      function loaded(own, read, write = {}) {
        const has = {};
        return new Proxy({ ...own, load: (names) => later(() => Object.assign(has, read(String(names)))) }, {
          get: (it, name) => {
            if (name in it) return it[name];
            if (name in has) return has[name];
            if (name === "then") return undefined;
            throw new Error(`${String(name)} was read before load and sync`);
          },
          set: (_, name, value) => { later(() => write[name](value)); return true; },
        });
      }
      const written = (name) => {
        if (workbook.failsIn !== undefined && !workbook.failsIn--) throw new Error("Excel has failed");
        if (workbook.sheets[name].isProtected) throw new Error(`${name} is protected`);
        return workbook.sheets[name].cells;
      };
      function range(name, top, left, height, width) {
        const rows = (each) => Array.from({ length: height }, (_, r) =>
          Array.from({ length: width }, (__, c) => each(workbook.sheets[name].cells[key(top + r, left + c)] ?? {})));
        const first = `${letters(left)}${top}`;
        const address = `${name}!${first}${height * width > 1 ? `:${letters(left + width - 1)}${top + height - 1}` : ""}`;
        const read = (names) => {
          if (names.includes("values") && height * width > most) throw new Error("too much at a time");
          return {
            isNullObject: false, address, rowIndex: top - 1, columnIndex: left - 1, rowCount: height, columnCount: width,
            values: names.includes("values") && rows(({ value }) => value ?? ""),
            formulas: names.includes("formulas") && rows(({ formula, value }) => formula ?? value ?? ""),
            numberFormat: names.includes("numberFormat") && rows(({ format }) => format ?? "General"),
          };
        };
        const each = (contents, put) => {
          const cells = written(name);
          if (contents.length !== height || contents.some((row) => row.length !== width)) throw new Error("wrong size");
          contents.forEach((row, r) => row.forEach((content, c) => {
            const at = key(top + r, left + c);
            cells[at] = { ...cells[at], ...put(content, cells[at] ?? {}) };
          }));
        };
        return loaded({
          place: { name, top, left, height, width },
          clear: () => later(() => each(Array.from({ length: height }, () => Array(width).fill("")),
            () => ({ formula: undefined, value: undefined, format: undefined }))),
          autoFill: ({ place }, how) => later(() => {
            if (how !== "FillCopy" || height !== 1) throw new Error(`autoFill ${how}`);
            const cells = written(name);
            for (let row = top + 1; row < place.top + place.height; row++) {
              for (let column = left; column < left + width; column++) {
                cells[key(row, column)] = { ...cells[key(top, column)] };
              }
            }
          }),
          getSpillingToRangeOrNullObject: () => {
            const area = workbook.sheets[name].cells[key(top, left)]?.area;
            return area ? range(name, ...area) : loaded({}, () => ({ isNullObject: true }));
          },
        }, read, {
          formulas: (contents) => each(contents, (content, { format }) =>
            ({ formula: undefined, ...taken(content, format) })),
          numberFormat: (formats) => each(formats, (format) => ({ format })),
        });
      }
      const sheet = (name, known = {}) => loaded({
        ...known,
        getRangeByIndexes: (row, column, height, width) => range(name, row + 1, column + 1, height, width),
        getUsedRangeOrNullObject: () => loaded({}, () => {
          const area = [Infinity, Infinity, -Infinity, -Infinity];
          const { cells } = workbook.sheets[name];
          for (const at in cells) {
            if (cells[at].value === undefined) continue;
            const [row, column] = at.split(",").map(Number);
            area[0] = Math.min(area[0], row);
            area[1] = Math.min(area[1], column);
            area[2] = Math.max(area[2], row);
            area[3] = Math.max(area[3], column);
          }
          const [top, left, bottom, right] = area;
          return { isNullObject: top > bottom, rowIndex: top - 1, columnIndex: left - 1, rowCount: bottom - top + 1,
            columnCount: right - left + 1 };
        }),
        protection: loaded({
          unprotect: () => later(() => {
            if (workbook.sheets[name].password) throw new Error("wrong password");
            workbook.sheets[name].isProtected = false;
          }),
          protect: (options) => later(() => Object.assign(workbook.sheets[name], { isProtected: true, options })),
        }, () => ({ protected: workbook.sheets[name].isProtected, options: { allowSort: true } })),
      }, () => ({ name }));
      const table = (one, known = {}) => loaded({
        ...known,
        worksheet: sheet(one.sheet),
        getRange: () => range(one.sheet, one.top, one.left, one.bottom - one.top + 1, one.right - one.left + 1),
        clearFilters: () => later(() => { one.filtered = false; }),
        resize: ({ place }) => later(() => { written(one.sheet); one.bottom = place.top + place.height - 1; }),
      }, () => ({ name: one.name, showTotals: Boolean(one.totals) }));
      const find = (name) => workbook.tables.find((one) => one.name === name);
      const custom = loaded({
        add: (name, value) => later(() => { workbook.notes[name] = value; }),
        getItemOrNullObject: (name) => loaded({ delete: () => later(() => { delete workbook.notes[name]; }) },
          () => ({ isNullObject: !(name in workbook.notes), key: name })),
      }, () => ({ items: Object.entries(workbook.notes).map(([name, value]) => ({ key: name, value })) }));
      const result = await act({
        sync,
        workbook: {
          worksheets: loaded({ getItem: sheet }, () => ({ items: Object.keys(workbook.sheets).map((name) =>
            sheet(name, { name })) })),
          tables: loaded({ getItem: (name) => table(find(name)) },
            () => ({ items: workbook.tables.map((one) =>
              table(one, { name: one.name, showTotals: Boolean(one.totals) })) })),
          names: loaded({ getItem: (name) => loaded({}, () => ({}), { formula: (text) => { workbook.names[name] = text; } }) },
            () => ({ items: Object.entries(workbook.names).map(([name, formula]) => ({ name, formula })) })),
          properties: { custom },
          application: loaded({ calculate: (how) => later(() => { workbook.calculated = how; pending = 2; }) },
            () => ({ calculationState: pending-- > 0 ? "Pending" : "Done" })),
          getActiveCell: () => loaded({}, () => ({ address: "Start!A1", text: [[""]] })),
        },
      });
      await sync();
      return result;
    },
  };
  const bytes = Uint8Array.from(atob(filled.file ?? ""), (letter) => letter.charCodeAt(0));
  const slices = [bytes.subarray(0, 65536), bytes.subarray(65536)];
  const AsyncResultStatus = { Succeeded: "succeeded" };
  const succeeded = (value) => ({ status: AsyncResultStatus.Succeeded, value });
  const context = { contentLanguage: "en-US", document: {
    url: filled.url,
    getFileAsync: (type, then) => then(succeeded({
      sliceCount: slices.length, getSliceAsync: (n, give) => give(succeeded({ data: slices[n] })), closeAsync: (end) => end(),
    })),
  } };
  window.Office = Object.create(Office, { context: { value: context }, AsyncResultStatus: { value: AsyncResultStatus },
    FileType: { value: { Compressed: "compressed" } } });
};
