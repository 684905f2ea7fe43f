print('nothing', ...)
