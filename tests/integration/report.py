"""A line for every check, and what went wrong; the sum comes from whoever started this."""

import asyncio
import sys
import time
import traceback


class Report:
    def __init__(self, name):
        self._name = name
        # Libraries print; what they print is no part of the report.
        self._out, sys.stdout = sys.stdout, sys.stderr
        self.passed = self.failed = 0

    async def check(self, what, awaitable, seconds=30):
        """Waits for a check and tells how it went, with what it returns. True when it passed."""
        begin = time.monotonic()
        try:
            found = await asyncio.wait_for(awaitable, seconds)
        except Exception as error:
            return self.fail(what, error)
        self.passed += 1
        self._line("ok", what, f" ({time.monotonic() - begin:.1f} s)" + (f": {found}" if found else ""))
        return True

    def fail(self, what, error=None):
        self.failed += 1
        self._line("FAILED", what)
        if error is None:
            return False
        lines = [str(error)] if type(error) is AssertionError else []
        for line in lines + traceback.format_exception(error):
            print("    " + line.rstrip().replace("\n", "\n    "), file=self._out)
        self._out.flush()
        return False

    def _line(self, verdict, what, more=""):
        print(f"{verdict:6} {self._name}: {what}{more}", file=self._out, flush=True)

    def logs(self, logs):
        for name, lines in logs:
            print(f"    ---- {name}", file=self._out)
            for line in lines:
                print("    " + line, file=self._out)
        self._out.flush()

    def finish(self):
        """The sum; an exit status."""
        print(f"{self.passed} passed, {self.failed} failed", file=self._out, flush=True)
        return 1 if self.failed or not self.passed else 0
