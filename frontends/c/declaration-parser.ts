// Parses declarators, initialisers and whole declarations.
import { QUALIFIERS, SpecifierParser } from './specifier-parser';
import type {
  Declaration,
  Declarator,
  Derivation,
  Designator,
  Expression,
  InitDeclarator,
  Initialiser,
  InitialiserItem,
  InitialiserList,
  Parameter,
  Specifiers,
  TypeName,
} from './syntax-tree';
import type { Token } from './token';
import { IdentifierType, StringType, typeOf } from './token-types';

const OPENING_BRACE = typeOf('{');
const CLOSING_BRACE = typeOf('}');
const CLOSING_BRACKET = typeOf(']');
const EQUALS = typeOf('=');

/** The layer of the parser that knows declarations. */
export abstract class DeclarationParser extends SpecifierParser {
  // --- declarators ---

  protected parseTypeName(): TypeName {
    const specifiers = this.parseSpecifiers();
    if (specifiers.base.kind === 'none') this.fail('expected a type');
    return { kind: 'typeName', specifiers, declarator: this.parseDeclarator() };
  }

  /** A declarator with or without a name: which of them may stand here is for the caller to check. */
  protected parseDeclarator(): Declarator {
    return this.nested(() => this.parseDeclaratorLevel());
  }

  private parseDeclaratorLevel(): Declarator {
    const pointers: Derivation[] = [];
    this.parseAttributes();
    for (let token = this.accept('*'); token !== undefined; token = this.accept('*')) {
      pointers.unshift({ kind: 'pointer', token, qualifiers: this.parseQualifiers() });
    }
    const token = this.peek();
    let name: Token | undefined;
    let inner: Declarator | undefined;
    if (token.tokenType === IdentifierType) name = this.take();
    else if (token.type === '(' && !this.startsParameters(this.peekSecond())) {
      this.take();
      inner = this.parseDeclarator();
      this.expectClosing();
    }
    const suffixes: Derivation[] = [];
    for (;;) {
      const next = this.peek();
      if (next.type === '[') suffixes.push(this.parseArraySuffix());
      else if (next.type === '(') suffixes.push(this.nested(() => this.parseFunctionSuffix()));
      else break;
    }
    const derivations = [...(inner?.derivations ?? []), ...suffixes, ...pointers];
    return { token: inner?.token ?? token, name: name ?? inner?.name, derivations };
  }

  /** Tells `(int)`, a parameter list of an abstract declarator, from `(*name)`, a nested declarator. */
  private startsParameters(second: Token): boolean {
    return (
      second.type === ')' ||
      second.type === '...' ||
      (second.type !== '__attribute__' && this.startsDeclaration(second))
    );
  }

  private parseQualifiers(): number {
    let qualifiers = 0;
    for (;;) {
      const { type } = this.peek();
      if (type === '__attribute__') this.parseAttributes();
      else if (QUALIFIERS.has(type)) qualifiers |= QUALIFIERS.get(this.take().type)!;
      else return qualifiers;
    }
  }

  private parseArraySuffix(): Derivation {
    const token = this.take();
    this.accept('static');
    const qualifiers = this.parseQualifiers();
    this.accept('static');
    let size: Expression | undefined;
    const isStar = this.peek().type === '*' && this.peekSecond().type === ']';
    if (isStar) this.take();
    else if (this.peek().type !== ']') size = this.nested(() => this.parseAssignment());
    this.expect(CLOSING_BRACKET);
    return { kind: 'array', token, size, isStar, qualifiers };
  }

  private parseFunctionSuffix(): Derivation {
    const token = this.take();
    const parameters: Parameter[] = [];
    const names: Token[] = [];
    let isVariadic = false;
    if (this.accept(')') !== undefined) return { kind: 'function', token, parameters, isVariadic, names };
    if (this.peek().tokenType === IdentifierType && !this.isTypedefName(this.peek())) {
      return this.parseOldStyleNames(token);
    }
    this.openScope();
    do {
      isVariadic = this.accept('...') !== undefined;
      if (isVariadic) break;
      parameters.push(this.parseParameter());
    } while (this.accept(',') !== undefined);
    this.closeScope();
    this.expectClosing();
    return { kind: 'function', token, parameters, isVariadic, names: undefined };
  }

  private parseOldStyleNames(token: Token): Derivation {
    const names: Token[] = [];
    do {
      const next = this.peek();
      if (next.tokenType === IdentifierType && this.peekSecond().tokenType === IdentifierType) {
        this.fail(`'${next.image}' is no type; expected a parameter`);
      }
      names.push(this.expectName());
    } while (this.accept(',') !== undefined);
    this.expectClosing();
    return { kind: 'function', token, parameters: [], isVariadic: false, names };
  }

  private parseParameter(): Parameter {
    const specifiers = this.parseSpecifiers();
    if (specifiers.base.kind === 'none') this.fail('expected a type');
    const declarator = this.parseDeclarator();
    specifiers.isUnused ||= this.parseAttributes().isUnused;
    if (declarator.name !== undefined) this.declareName(declarator.name.image, false);
    return { specifiers, declarator };
  }

  // --- initialisers ---

  protected parseInitialiser(): Initialiser {
    return this.peek().type === '{' ? this.parseInitialiserList() : this.parseAssignment();
  }

  protected parseInitialiserList(): InitialiserList {
    const token = this.expect(OPENING_BRACE);
    const items: InitialiserItem[] = [];
    while (this.peek().type !== '}') {
      items.push(this.nested(() => this.parseInitialiserItem()));
      if (this.accept(',') === undefined) break;
    }
    this.expect(CLOSING_BRACE);
    return { kind: 'list', token, items };
  }

  private parseInitialiserItem(): InitialiserItem {
    const designators: Designator[] = [];
    // GNU's old form: `name: value`.
    if (this.peek().tokenType === IdentifierType && this.peekSecond().type === ':') {
      designators.push({ kind: 'member', token: this.take() });
      this.take();
      return { designators, value: this.parseInitialiser() };
    }
    for (;;) {
      const token = this.peek();
      if (this.accept('.') !== undefined) designators.push({ kind: 'member', token: this.expectName() });
      else if (this.accept('[') !== undefined) {
        const index = this.parseConditional();
        const last = this.accept('...') === undefined ? undefined : this.parseConditional();
        this.expect(CLOSING_BRACKET);
        designators.push({ kind: 'index', token, index, last });
      } else break;
    }
    if (designators.length > 0) this.expect(EQUALS);
    return { designators, value: this.parseInitialiser() };
  }

  // --- whole declarations ---

  /** The declarators behind `specifiers`, up to and with the semicolon. The first may have been read already. */
  protected parseInitDeclarators(specifiers: Specifiers, first?: Declarator): Declaration {
    const declarators: InitDeclarator[] = [];
    if (first !== undefined || this.peek().type !== ';') {
      let declarator = first ?? this.parseDeclarator();
      for (;;) {
        declarators.push(this.parseInitDeclarator(specifiers, declarator));
        if (this.accept(',') === undefined) break;
        declarator = this.parseDeclarator();
      }
    }
    this.expectSemicolon();
    return { kind: 'declaration', specifiers, declarators };
  }

  private parseInitDeclarator(specifiers: Specifiers, declarator: Declarator): InitDeclarator {
    if (declarator.name === undefined) this.fail('expected a name');
    if (this.peek().type === 'asm') this.report.fatal('unsupported', 'there is no assembler', this.peek());
    const attributes = this.parseAttributes();
    specifiers.alignment = [...specifiers.alignment, ...attributes.alignment];
    specifiers.isNoReturn ||= attributes.isNoReturn;
    specifiers.isUnused ||= attributes.isUnused;
    this.declareName(declarator.name!.image, specifiers.storage === 'typedef');
    const initialiser = this.accept('=') === undefined ? undefined : this.parseInitialiser();
    return { declarator, initialiser };
  }

  protected parseStaticAssert(): Declaration {
    const token = this.take();
    this.expectOpening();
    const condition = this.parseConditional();
    const message = this.accept(',') === undefined ? undefined : this.expect(StringType);
    this.expectClosing();
    this.expectSemicolon();
    return { kind: 'staticAssert', token, condition, message };
  }
}
