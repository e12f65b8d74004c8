"""Real servers, each started in a place of its own. Accounts are made before the start: PASSWORD opens all of them."""

DOMAIN = "example.org"
ROOMS = "rooms.example.org"
PASSWORD = "wherefore"
SECRET = "a secret of the component"
