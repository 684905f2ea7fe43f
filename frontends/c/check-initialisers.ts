// Checks initialisers: braces, designators, strings; gives the list of stores that they amount to (C99 6.7.8).
import type { CheckContext } from './check-context';
import { integerConstant } from './check-types';
import { assignTo } from './conversions';
import { MAX_DATA_BYTES } from './limits';
import { staticData } from './static-data';
import type * as Tree from './syntax-tree';
import type { Token } from './token';
import type { GlobalVariable, InitialiserStore, LocalInitialiser, LocalVariable, TypedExpression } from './typed-tree';
import {
  type ArrayType,
  alignmentOf,
  arrayOf,
  type CType,
  isCharacter,
  isComplete,
  isScalar,
  type Member,
  type RecordType,
  sizeOf,
  typeName,
} from './types';

/** What an initialiser amounts to: the stores, and the type, whose length it may have completed. */
export interface CheckedInitialiser {
  readonly type: CType;
  readonly stores: readonly InitialiserStore[];
}

/** More stores than this come only from ranges made to be huge. */
const MAX_STORES = MAX_DATA_BYTES / 16;

/** Checks `node` as the initialiser of an object of `type`. */
export function checkInitialiser(context: CheckContext, type: CType, node: Tree.Initialiser): CheckedInitialiser {
  const walker = new InitialiserWalker(context);
  const complete = walker.initialise(type, 0, node);
  return { type: complete, stores: walker.stores };
}

/** `checked` as code runs it: zeros first where the stores leave gaps. */
export function localInitialiser(context: CheckContext, { type, stores }: CheckedInitialiser): LocalInitialiser {
  const size = sizeOf(type);
  const beyond = stores.find((store) => store.bitField === undefined && store.offset + sizeOf(store.type) > size);
  if (beyond !== undefined) {
    const message = 'only an object with static storage can initialise its flexible array member';
    context.fail('bad-initialiser', message, beyond.value.token);
  }
  const sorted = [...stores].sort((a, b) => a.offset - b.offset);
  let covered = 0;
  for (const { offset, type: stored, bitField } of sorted) {
    if (offset > covered || bitField !== undefined) break;
    covered = Math.max(covered, offset + sizeOf(stored));
  }
  const isZeroed = covered < size;
  // Zeros on top of zeros need no store, unless something else was there in between.
  const isInOrder = sorted.every((store, index) => store === stores[index]);
  const items = isZeroed && isInOrder ? stores.filter(({ value }) => !isZeroBits(value)) : stores;
  return { isZeroed, items };
}

function isZeroBits(value: TypedExpression): boolean {
  return value.kind === 'constant' && (value.value === 0n || Object.is(value.value, 0));
}

/** A compound literal: a variable of its own, static outside of functions. */
export function checkLiteralInitialiser(
  context: CheckContext,
  type: CType,
  node: Tree.InitialiserList,
  token: Token,
): TypedExpression {
  const checked = checkInitialiser(context, type, node);
  const alignment = alignmentOf(checked.type);
  if (context.function !== undefined) {
    const variable: LocalVariable = {
      kind: 'local',
      name: '(literal)',
      type: checked.type,
      token,
      alignment,
      isAddressTaken: true,
      isUsed: true,
    };
    context.function.locals.push(variable);
    return { kind: 'compoundLiteral', token, type: checked.type, variable, stores: localInitialiser(context, checked) };
  }
  const variable: GlobalVariable = {
    kind: 'global',
    name: '(literal)',
    type: checked.type,
    token,
    alignment,
    isExternal: false,
    isDefined: true,
    data: staticData(context, checked.stores, token),
    isUsed: true,
    isLiteral: true,
  };
  return { kind: 'variable', token, type: checked.type, variable };
}

/** A place in one braced list. */
interface Cursor {
  readonly items: readonly Tree.InitialiserItem[];
  index: number;
  /** The designators of the item at `index` have been followed. */
  isResolved: boolean;
  /** The item at `index`, once it had to be checked to know its type. */
  checked: TypedExpression | undefined;
}

class InitialiserWalker {
  readonly stores: InitialiserStore[] = [];

  constructor(private readonly context: CheckContext) {}

  /** Initialises a whole object; returns its type, completed. */
  initialise(type: CType, offset: number, node: Tree.Initialiser): CType {
    if (type.kind === 'array') return this.initialiseArray(type, offset, node);
    if (node.kind === 'list') {
      if (isScalar(type)) this.initialiseScalar(type, offset, node);
      else this.fillBraces(type, offset, node);
      return type;
    }
    if (!isComplete(type)) this.context.fail('incomplete-type', `'${typeName(type)}' is incomplete here`, node.token);
    this.store(offset, type, undefined, this.context.expression(node));
    return type;
  }

  private initialiseScalar(type: CType, offset: number, list: Tree.InitialiserList): void {
    const [item, second] = list.items;
    if (item === undefined) this.failAt(list.token, 'an empty list does not initialise a number or a pointer');
    if (item.designators.length > 0) this.failAt(list.token, `'${typeName(type)}' has no members`);
    if (second !== undefined) this.warnExcess(second);
    this.initialise(type, offset, item.value);
  }

  private initialiseArray(type: ArrayType, offset: number, node: Tree.Initialiser): CType {
    const inner =
      node.kind === 'list' && node.items.length === 1 && node.items[0]!.designators.length === 0
        ? node.items[0]!.value
        : node;
    if (inner.kind === 'string' && this.takesString(type, inner)) {
      return this.storeString(type, offset, this.context.expression(inner));
    }
    if (node.kind !== 'list') {
      const value = this.context.expression(node);
      const isLiteral =
        value.kind === 'compoundLiteral' ||
        (value.kind === 'variable' && value.variable.kind === 'global' && value.variable.isLiteral);
      if (!isLiteral || value.type.kind !== 'array')
        return this.failAt(node.token, 'an array is initialised by a list in braces');
      this.push(offset, value.type, undefined, value);
      return type.length === undefined ? value.type : type;
    }
    const length = this.fillBraces(type, offset, node);
    return type.length === undefined ? arrayOf(type.element, length) : type;
  }

  private takesString(type: ArrayType, node: Tree.Expression): boolean {
    const { element } = type;
    const isWide = /^[LuU][^8]/.test(node.token.image);
    return isWide ? element.kind === 'integer' && element.size > 1 : isCharacter(element);
  }

  private storeString(type: ArrayType, offset: number, value: TypedExpression): CType {
    const literal = value.type as ArrayType;
    if (type.length !== undefined && literal.length! - 1 > type.length) {
      this.context.report.warning('bad-initialiser', 'the string is longer than the array', value.token);
    }
    const length = Math.min(literal.length!, type.length ?? literal.length!);
    this.push(offset, arrayOf(literal.element, length), undefined, value);
    return type.length === undefined ? arrayOf(type.element, literal.length) : type;
  }

  // --- lists ---

  /** Initialises an aggregate by a braced list; returns how many elements an array got. */
  private fillBraces(type: CType, offset: number, list: Tree.InitialiserList): number {
    if (type.kind !== 'array' && type.kind !== 'record')
      return this.failAt(list.token, `'${typeName(type)}' has no members`);
    if (type.kind === 'record' && !isComplete(type))
      return this.failAt(list.token, `'${typeName(type)}' is incomplete`);
    const cursor: Cursor = { items: list.items, index: 0, isResolved: false, checked: undefined };
    return this.fill(cursor, type, offset, 0, true);
  }

  /**
   * Fills `type` from element or member `start` on with the items at the cursor, until it is full or, if it has no
   * braces of its own, a designator of the enclosing list is met. Returns the number of elements reached.
   */
  private fill(cursor: Cursor, type: CType, offset: number, start: number, hasBraces: boolean): number {
    let position = start;
    let reached = start;
    while (cursor.index < cursor.items.length) {
      const item = cursor.items[cursor.index]!;
      if (item.designators.length > 0 && !cursor.isResolved) {
        if (!hasBraces) break;
        position = this.fillDesignated(cursor, type, offset, item, 0);
      } else {
        const element = elementAt(type, position);
        if (element === undefined) {
          if (!hasBraces) break;
          this.warnExcess(item);
          this.advance(cursor);
          continue;
        }
        this.fillElement(cursor, element.type, offset + element.offset, element.bitField);
        position++;
      }
      reached = Math.max(reached, position);
    }
    return reached;
  }

  private fillElement(cursor: Cursor, type: CType, offset: number, bitField: Member['bitField']): void {
    const { value } = cursor.items[cursor.index]!;
    if (value.kind === 'list') {
      this.initialise(type, offset, value);
      this.advance(cursor);
      return;
    }
    if (type.kind === 'array' && value.kind === 'string' && this.takesString(type, value)) {
      this.storeString(type, offset, this.context.expression(value));
      this.advance(cursor);
      return;
    }
    cursor.checked ??= this.context.expression(value);
    const isWhole =
      type.kind === 'record' && cursor.checked.type.kind === 'record' && cursor.checked.type.body === type.body;
    if (isScalar(type) || isWhole) {
      this.store(offset, type, bitField, cursor.checked);
      this.advance(cursor);
      return;
    }
    if (elementAt(type, 0) === undefined) this.failAt(value.token, `'${typeName(type)}' cannot be initialised`);
    cursor.isResolved = true;
    this.fill(cursor, type, offset, 0, false);
  }

  private advance(cursor: Cursor): void {
    cursor.index++;
    cursor.isResolved = false;
    cursor.checked = undefined;
  }

  /** Follows designator `depth` of `item`, and fills on behind it; returns the position behind. */
  private fillDesignated(
    cursor: Cursor,
    type: CType,
    offset: number,
    item: Tree.InitialiserItem,
    depth: number,
  ): number {
    const designator = item.designators[depth]!;
    const [first, last] = this.resolve(type, designator);
    const isLast = depth === item.designators.length - 1;
    const { index } = cursor;
    for (let position = first; position <= last; position++) {
      cursor.index = index;
      const element = elementAt(type, position)!;
      const isAnonymous = designator.kind === 'member' && element.name === '';
      if (isLast && !isAnonymous) {
        cursor.isResolved = true;
        this.fillElement(cursor, element.type, offset + element.offset, element.bitField);
      } else {
        const next = this.fillDesignated(
          cursor,
          element.type,
          offset + element.offset,
          item,
          isAnonymous ? depth : depth + 1,
        );
        this.fill(cursor, element.type, offset + element.offset, next, false);
      }
    }
    return last + 1;
  }

  /** The positions that `designator` names in `type`. */
  private resolve(type: CType, designator: Tree.Designator): [first: number, last: number] {
    const { token } = designator;
    if (designator.kind === 'member') {
      const position = type.kind === 'record' ? memberPosition(type, token.image) : undefined;
      if (position !== undefined) return [position, position];
      return this.context.fail('unknown-member', `'${typeName(type)}' has no member '${token.image}'`, token);
    }
    if (type.kind !== 'array') return this.failAt(token, `'${typeName(type)}' is no array`);
    const first = Number(integerConstant(this.context, designator.index, 'the index'));
    const last =
      designator.last === undefined ? first : Number(integerConstant(this.context, designator.last, 'the index'));
    const length = type.length ?? MAX_DATA_BYTES;
    if (first < 0 || last < first || last >= length) this.failAt(token, `index ${last} is outside of the array`);
    return [first, last];
  }

  // --- stores ---

  private store(offset: number, type: CType, bitField: Member['bitField'], value: TypedExpression): void {
    this.push(offset, type, bitField, assignTo(this.context, value, type, 'initialiser'));
  }

  private push(offset: number, type: CType, bitField: Member['bitField'], value: TypedExpression): void {
    if (this.stores.length >= MAX_STORES) this.context.fail('too-large', 'the initialiser is too large', value.token);
    this.stores.push({ offset, type, bitField, value });
  }

  private warnExcess(item: Tree.InitialiserItem): void {
    this.context.report.warning('bad-initialiser', 'more initialisers than members', item.value.token);
  }

  private failAt(token: Token, message: string): never {
    return this.context.fail('bad-initialiser', message, token);
  }
}

/** Element or member number `position` of an aggregate; of a union only the first unless named. */
function elementAt(type: CType, position: number): Member | undefined {
  if (type.kind === 'array') {
    if (type.length !== undefined && position >= type.length) return undefined;
    return { name: '', type: type.element, offset: position * sizeOf(type.element), bitField: undefined };
  }
  return type.kind === 'record' ? unionOrStructMember(type, position) : undefined;
}

/** A union's first member has position 0, a named one -2 - 2 * index: nothing is at the position behind any. */
function unionOrStructMember(type: RecordType, position: number): Member | undefined {
  const members = type.body.members!;
  if (!type.body.isUnion || position === 0) return members[position];
  return position < 0 && position % 2 === 0 ? members[(-2 - position) / 2] : undefined;
}

/** The position of the member `name`, or of the anonymous member that has it. */
function memberPosition(type: RecordType, name: string): number | undefined {
  const index = type.body.members!.findIndex(
    (member) =>
      member.name === name ||
      (member.name === '' && member.type.kind === 'record' && member.type.body.memberByName.has(name)),
  );
  if (index < 0) return undefined;
  return type.body.isUnion ? -2 - 2 * index : index;
}
