"""What a test leaves for people to look at, below build/integration/."""

import os

from hosts import BUILD


def path(name):
    folder = os.path.abspath(os.path.join(BUILD, "integration"))
    os.makedirs(folder, exist_ok=True)
    return os.path.join(folder, name.replace("/", "-"))


def keep(name, text):
    with open(path(name), "w", encoding="utf-8") as file:
        file.write(text)
