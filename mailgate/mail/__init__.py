"""Understanding mail: raw bytes in, one typed message out.

Pure: nothing here opens a file, a socket or a database, logs, or asks what time it is. Nothing here raises on bad mail:
an oddity becomes a word in ``Message.defects``.
"""
