-- Hostile: asks servers of the host's own network, by name and by address in every notation.
-- Expected: error guest_error
-- Grants: { "capabilities": ["http"], "http": { "allow": [{ "host": "*" }, { "host": "*", "port": 7433 }] } }
local http = require('gazelle').http
local hosts = {
  'localhost', '127.0.0.1', '127.1', '2130706433', '0x7f000001', '0177.0.0.1', '0', '0.0.0.0', '[::]', '[::1]',
  '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]', '10.0.0.1', '192.168.0.1',
  '172.16.0.1', '169.254.169.254', '[fe80::1]', '[fd00:ec2::254]', '100.64.0.1', '224.0.0.1', '255.255.255.255',
}
for _, host in ipairs(hosts) do
  for _, port in ipairs({ 80, 7433 }) do
    local ok, message = pcall(http.get, 'http://' .. host .. ':' .. port .. '/')
    -- An end without an error would be a success of the attack.
    if ok or not tostring(message):find('^http%.address: ') then return host, message end
  end
end
error('refused everywhere')
