package.path = '?.lua;?/init.lua'
-- The machine has no libraries in C to look for.
package.searchers = { package.searchers[1], package.searchers[2] }
print(pcall(require, 'missing'))
print(pcall(function() require('missing.part') end))
print(pcall(dofile, 'missing.lua'))
print(loadfile('missing.lua'))
print(pcall(require, 'broken'))
print(loadfile('broken.lua'))
print(pcall(dofile, 'broken.lua'))
print(require('counter').next(), select(2, require('counter')), require('counter').next())
print(package.loaded.counter.next(), require('nested.inner').name, select(2, require('nested.inner')))
print(require('pack').what, select(2, require('pack')))
print(require('nothing'))
print(require('nothing'))
print(require('says_false'))
print(require('sets_itself'))
print(pcall(require, 'raises'))
print(pcall(require, 'raises_table'))
package.preload.made = function(...)
  print('preload', ...)
  return 7
end
print(require('made'))
package.loaded.given = 'given'
print((require('given')))
package.loaded.counter = nil
print(require('counter').next())
print(package.searchpath('counter', package.path))
print(package.searchpath('no.x', './?.lua;./?/i.lua'))
print(package.searchpath('nested.inner', '?.lua'), package.searchpath('nested-inner', '?.lua', '-'))
print(package.searchpath('a.b', '?;x/?', '.', '|'))
print(pcall(require))
print(pcall(require, {}))
print(pcall(package.searchpath, 'x'))
package.path = 7
print(pcall(require, 'other'))
package.path = nil
print(pcall(require, 'other'))
package.path = '?.lua'
print(dofile('nothing.lua'))
print(select('#', dofile('three.lua')), dofile('three.lua'))
local f = loadfile('three.lua')
print(type(f), f == loadfile('three.lua'), f('x', 'y'))
local environment = { marker = 'own' }
print(loadfile('globals.lua', 't', environment)(), environment.set, set)
print(loadfile('globals.lua')(), set)
for _, name in ipairs({ '_G', 'string', 'table', 'math', 'io', 'os', 'package' }) do
  io.write(name, ' ', tostring(package.loaded[name] == _G[name]), ' ')
end
print()
local searchers = package.searchers
package.searchers = { function(name) return 'nothing for ' .. name end, function() return nil end }
print(pcall(require, 'unknown'))
package.searchers = { function(name) return function(...) return { ... } end, 'extra' end }
print(require('custom')[1], require('custom')[2])
package.searchers = nil
print(pcall(require, 'unknown'))
package.searchers = searchers
package, error, pairs, type, _G = nil, nil, nil, nil, nil
print(pcall(require, 'gone'))
print((require('three')))
