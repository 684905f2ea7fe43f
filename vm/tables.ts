// Tables of the value family: the folder's public face for them. Lookups: table-access.ts. Making, inserting, growing:
// table-growth.ts. Iteration and length: table-iteration.ts.
export { getInteger, getShortString, getSlot } from './table-access';
export {
  findOrInsert,
  findOrInsertInteger,
  findOrInsertShortString,
  newTable,
  reserveArray,
} from './table-growth';
export { ENTRY_FOUND, ENTRY_INVALID, ENTRY_NONE, nextEntry, tableLength } from './table-iteration';
