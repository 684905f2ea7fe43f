
error("oops")
