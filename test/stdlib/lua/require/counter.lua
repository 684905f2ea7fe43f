local count = 0
print('counter is loaded', ...)
return { next = function() count = count + 1 return count end }
