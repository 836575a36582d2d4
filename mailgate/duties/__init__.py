"""What happens because time has passed: each module one duty, ``(desk, now) -> how many things it did``.

``clock.DUTIES`` is their table, in the order in which they are done; ``clock`` says how a duty keeps its promise: all
that is due, once each, whatever restarts.
"""
