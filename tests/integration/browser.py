"""A headless Chromium, driven by its WebDriver, with a page that is served from this machine alone."""

import asyncio
import functools
import http.server
import threading

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from place import answers, free_port


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def serve(folder):
    """Serves a folder's files until the program ends; the address."""
    handler = functools.partial(_Quiet, directory=folder)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/"


class Browser:
    """Its calls wait in another thread, so that clients in this one go on."""

    def __init__(self, place):
        port = free_port()
        driver = place.start("chromedriver", ["chromedriver", f"--port={port}"])
        driver.wait_for(lambda: answers(port), "open port")
        options = webdriver.ChromeOptions()
        for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                         "--disable-background-networking", "--disable-component-update", "--window-size=1200,800",
                         f"--user-data-dir={place.make('chromium')}"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self._driver = webdriver.Remote(f"http://127.0.0.1:{port}", options=options)

    async def open(self, address):
        await asyncio.to_thread(self._driver.get, address)

    async def shows(self, selector, text, seconds=20):
        """Until something that the selector finds holds the text."""
        def look():
            script = "return [...document.querySelectorAll(arguments[0])].map(e => e.innerText || e.textContent || '')"
            return self._driver.execute_script(script, selector)
        found = []
        for _ in range(seconds * 5):
            found = await asyncio.to_thread(look)
            if any(text in one for one in found):
                return found
            await asyncio.sleep(0.2)
        raise AssertionError(f"the page has no {selector} with {text!r}, but {found}")

    async def type(self, selector, line):
        def enter():
            field = self._driver.find_element(By.CSS_SELECTOR, selector)
            field.click()
            field.send_keys(line, Keys.ENTER)
        await asyncio.to_thread(enter)

    def picture(self, path):
        self._driver.save_screenshot(path)

    def console(self):
        return [entry["message"] for entry in self._driver.get_log("browser")]

    def close(self):
        self._driver.quit()
