package.loaded[...] = "myself"
