// Tables of the value family: the public face of table-*.ts. Lookups: table-access.ts. Making, inserting:
// table-growth.ts, table-nodes.ts, table-resize.ts. Iteration and length: table-iteration.ts.
export { getInteger, getShortString, getSlot } from './table-access';
export {
  findOrInsert,
  findOrInsertInteger,
  findOrInsertShortString,
  keyProblem,
  newTable,
  reserveArray,
} from './table-growth';
export {
  ENTRY_FOUND,
  ENTRY_INVALID,
  ENTRY_NONE,
  ENTRY_UNFINISHED,
  entryPosition,
  nextEntry,
  tableLength,
} from './table-iteration';
