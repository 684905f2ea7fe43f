// The protocol between server and client: what both ends know, and nothing of how either works.
export { decodeBase64, encodeBase64 } from './base64';
export { CLOSE_CODES, DEFAULT_PORT, PROTOCOL_PATH, SUBPROTOCOL } from './constants';
export { PROTOCOL_ERRORS, type ProtocolErrorCode } from './errors';
export {
  type ErrorData,
  errorData,
  MAXIMUM_COUNT,
  METHODS,
  type MethodName,
  NOTIFICATIONS,
  type NotificationName,
  type NotificationParams,
  type Params,
  type Result,
  request,
  type ServerLimits,
  serverMessage,
} from './methods';
export { requestId, type WireAllLimits, type WireAmounts, type WireBudget, type WireLimits } from './schemas';
export { decodeTagged, encodeTagged, needsTags, TagError } from './tagged-values';
