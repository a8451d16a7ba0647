"""The page in a browser, whose cells the tests play."""

MICROSOFT = "appsforoffice.microsoft.com"
WAIT = """
    for (;;) {
        if (python.state === args[0]) return performance.now() / 1000;
        if (python.state === "failed") throw new Error(python.reason);
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
"""
CALL = """
    const plain = (cell) =>
        cell instanceof CustomFunctions.Error ? { error: cell.code, reason: cell.message ?? "" } : cell;
    return Promise.all(args[0].map(async ([name, given], at) => {
        const count = Math.max(given.length, CATALOGUE.find((metric) => metric.name === name).params.length);
        const all = Array.from({ length: count }, (_, i) => given[i] ?? null); // what is left out is null
        try {
            const rows = await CustomFunctions._association.mappings[name](...all, { address: `Sheet1!A${at + 1}` });
            return rows.map((row) => row.map(plain));
        } catch (error) {
            if (!(error instanceof CustomFunctions.Error)) throw error;
            return [[plain(error)]];
        }
    }));
"""


class Page:
    """The page in the browser, with Excel played by its tests."""

    def __init__(self, browser, url, files, name="taskpane.html"):
        self.browser, self.url, self.files, self.name = browser, url, files, name

    def load(self, until="ready"):
        """Open it; gives the seconds until Python is there."""
        self.browser.open(f"{self.url}{self.name}")
        return self.wait(until)

    def wait(self, until):
        return self.browser.run(WAIT, until)

    def call(self, calls):
        """What cells show for calls, each a name and its arguments as Excel hands them over."""
        return self.browser.run(CALL, calls)
