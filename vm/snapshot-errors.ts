// Why a snapshot is not taken, or not believed: stable codes in one table.

export const SNAPSHOT_ERRORS = {
  'snapshot.running': 'the execution is not suspended: its context stands at no safepoint',
  'snapshot.ended': 'the execution has ended',
  'snapshot.format': 'these bytes are no snapshot',
  'snapshot.version': 'the snapshot is of another format, other opcodes or another cost model',
  'snapshot.truncated': 'the snapshot is not as long as it says',
  'snapshot.checksum': 'the checksum is wrong',
  'snapshot.modules': 'the snapshot belongs to a program of other modules',
  'snapshot.corrupt': 'the snapshot says what cannot be',
  'snapshot.memory': 'the heap does not fit into the memory limit',
} as const;

export type SnapshotErrorCode = keyof typeof SNAPSHOT_ERRORS;

/** Known by its code. Nothing has changed: what ran still does, and nothing was begun. */
export class SnapshotError extends Error {
  override readonly name = 'SnapshotError';
  constructor(
    readonly code: SnapshotErrorCode,
    detail = '',
  ) {
    super(detail === '' ? SNAPSHOT_ERRORS[code] : `${SNAPSHOT_ERRORS[code]}: ${detail}`);
  }
}
