// The little of a Lua state that fengari's parser touches. Its nesting counter is an accessor, because entering and
// leaving a level is the one event of the grammar that the parser tells the outside.

/** Depth at which Lua 5.4 gives up: LUAI_MAXCCALLS. */
const MAX_DEPTH = 200;
/** What the real Lua's stack holds already when a chunk is compiled. */
const INITIAL_DEPTH = 2;

/** Stands in for fengari's `lua_State` during one parse. */
export class ParserMachine {
  /** For the objects that the parser makes on the way; nothing is ever run on it. */
  readonly stack: unknown[] = [];
  top = 0;
  readonly stack_last = 1000;
  readonly l_G = { id_counter: 0 };
  private depth = INITIAL_DEPTH;

  constructor(
    private readonly onOverflow: () => never,
    private readonly onLeave: (depth: number) => void,
  ) {}

  /** Nested statements and expressions that are being parsed. */
  get nCcalls(): number {
    return this.depth;
  }

  set nCcalls(depth: number) {
    const isLeaving = depth < this.depth;
    this.depth = depth;
    if (depth >= MAX_DEPTH) this.onOverflow();
    if (isLeaving) this.onLeave(depth);
  }
}
