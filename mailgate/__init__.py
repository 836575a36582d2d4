"""mailgate: an e-mail help desk that needs no other program. See mailgate/README.md for the house and its words."""

__version__ = "0.1.0"
