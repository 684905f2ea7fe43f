-- error: no position
error("no position", 0)
