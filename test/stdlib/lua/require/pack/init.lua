local other = require('nested.inner')
return { what = 'pack ' .. other.name }
