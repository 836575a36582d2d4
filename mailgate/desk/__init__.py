"""The desk's policy as values and tables: who may do what, and what happens to a ticket.

Pure: facts and ``now`` are arguments, the decision is a value. Nothing here opens, queries, logs or asks the time.
"""
