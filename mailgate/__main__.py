"""``python -m mailgate``: the same as the ``mailgate`` command."""

from mailgate.cli import main

main()
