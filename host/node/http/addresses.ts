// Which addresses belong to the public network. Everything else is somebody's own: the host's, its neighbours', the
// provider's that answers with credentials at 169.254.169.254.
import ipaddr from 'ipaddr.js';

/** Global unicast, all that is given out of IPv6. */
const GLOBAL_UNICAST: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3];

/** The IPv4 address that stands in an IPv6 one is what counts. Null for what is no address. */
function parse(address: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  // Only whole addresses: shorter and other notations are for URLs, which have made them whole; a zone is never public.
  if (!ipaddr.IPv4.isValidFourPartDecimal(address) && !ipaddr.IPv6.isValid(address)) return null;
  const parsed = ipaddr.parse(address);
  if (parsed instanceof ipaddr.IPv4 || !parsed.isIPv4MappedAddress()) return parsed;
  return parsed.toIPv4Address();
}

/** Whether it is a public address: none of loopback, private, link-local, carrier-grade NAT, multicast, reserved, tunnels. */
export function isPublicAddress(address: string): boolean {
  const parsed = parse(address);
  if (parsed === null || parsed.range() !== 'unicast') return false;
  return parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_UNICAST);
}

/** The same address in one notation; an IPv4 address in IPv6's clothes as itself. */
export function plainAddress(address: string): string {
  return parse(address)?.toString() ?? address;
}
