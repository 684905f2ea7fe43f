// Checks declarations: storage, linkage, redeclarations, definitions of objects and functions.

import { argumentListType } from './check-calls';
import type { CheckContext, OpenFunction } from './check-context';
import { checkInitialiser, localInitialiser } from './check-initialisers';
import { checkBlock } from './check-statements';
import { declaredType, integerConstant, parameterType, requestedAlignment, specifiedType } from './check-types';
import { warnShadowing, warnUnusedNames, warnUnusedStatics } from './check-warnings';
import { fallsThrough } from './control-flow';
import { MAX_VARIABLE_REGISTERS, STACK_ALIGNMENT } from './limits';
import { parseCharacters } from './literals';
import { staticData } from './static-data';
import type * as Tree from './syntax-tree';
import type { Token } from './token';
import type { FunctionSymbol, GlobalVariable, LocalVariable, TypedStatement } from './typed-tree';
import {
  type ArrayType,
  alignmentOf,
  arrayOf,
  type CType,
  compositeType,
  type FunctionType,
  intType,
  isCompatible,
  isComplete,
  isScalar,
  isVariableArray,
  type NamedType,
  pointerTo,
  typeName,
} from './types';
import { defineVariableArray, finishBody, type SizeCollector, sizeCount, takeSizes } from './variable-arrays';

/** Checks a declaration outside of functions. */
export function checkGlobalDeclaration(context: CheckContext, node: Tree.Declaration): void {
  if (node.kind === 'staticAssert') {
    checkStaticAssert(context, node);
    return;
  }
  if (node.kind === 'function') {
    checkFunction(context, node);
    return;
  }
  const { specifiers, declarators } = node;
  const { storage } = specifiers;
  if (storage === 'auto' || storage === 'register') {
    context.fail('bad-declaration', `'${storage}' outside of a function`, specifiers.token);
  }
  const base = specifiedType(context, specifiers, declarators.length === 0);
  for (const { declarator, initialiser } of declarators) {
    context.attempt(() => {
      const named = declaredType(context, base, declarator);
      if (storage === 'typedef') declareTypedef(context, named);
      else if (named.type.kind === 'function') declareFunction(context, named, specifiers, initialiser);
      else defineGlobal(context, named, specifiers, initialiser);
    });
  }
}

/** Checks a declaration inside a function: what of it happens at run time. */
export function checkLocalDeclaration(context: CheckContext, node: Tree.Declaration): TypedStatement[] {
  if (node.kind === 'staticAssert') checkStaticAssert(context, node);
  if (node.kind !== 'declaration') return [];
  const { specifiers, declarators } = node;
  const start = sizeCount(context);
  const base = specifiedType(context, specifiers, declarators.length === 0);
  const statements: TypedStatement[] = [];
  for (const { declarator, initialiser } of declarators) {
    const statement = context.attempt(() => {
      const named = declaredType(context, base, declarator);
      return checkLocalDeclarator(context, named, specifiers, initialiser);
    });
    statements.push(...takeSizes(context, start));
    if (statement !== undefined) statements.push(statement);
  }
  return statements;
}

function checkLocalDeclarator(
  context: CheckContext,
  named: NamedType,
  specifiers: Tree.Specifiers,
  initialiser: Tree.Initialiser | undefined,
): TypedStatement | undefined {
  const { storage } = specifiers;
  if (storage === 'typedef') declareTypedef(context, named);
  else if (named.type.kind === 'function') declareFunction(context, named, specifiers, initialiser);
  else if (isVariableArray(named.type)) return defineArray(context, named.name!, named.type, storage, initialiser);
  else if (storage === 'extern') defineGlobal(context, named, specifiers, initialiser);
  else if (storage === 'static') defineStaticLocal(context, named, specifiers, initialiser);
  else return defineLocal(context, named, specifiers, initialiser);
  return undefined;
}

function defineArray(
  context: CheckContext,
  name: Token,
  type: ArrayType,
  storage: Tree.Specifiers['storage'],
  initialiser: Tree.Initialiser | undefined,
): TypedStatement {
  refuseRedeclaration(context, name);
  if (storage === 'static' || storage === 'extern') {
    context.fail('bad-declaration', `a variable length array cannot be '${storage}'`, name);
  }
  if (initialiser !== undefined) {
    context.fail('bad-initialiser', 'a variable length array has no initialiser', name, 'use memset');
  }
  return defineVariableArray(context, name, type);
}

function checkStaticAssert(context: CheckContext, node: Tree.Declaration & { kind: 'staticAssert' }): void {
  if (integerConstant(context, node.condition, 'the condition') !== 0n) return;
  const text =
    node.message === undefined ? '' : `: ${String.fromCharCode(...parseCharacters(node.message.image).values)}`;
  context.fail('static-assert', `static assertion failed${text}`, node.token);
}

function declareTypedef(context: CheckContext, { name, type }: NamedType): void {
  const old = context.scopes.findHere(name!.image);
  if (old !== undefined && (old.kind !== 'typedef' || !isCompatible(old.type, type))) failRedefinition(context, name!);
  context.scopes.declare(name!.image, { kind: 'typedef', type });
}

function failRedefinition(context: CheckContext, name: Token): never {
  return context.fail('redefinition', `'${name.image}' is declared differently before`, name);
}

// --- objects --------------------------------------------------------------------------------------------------------

function checkObjectType(context: CheckContext, type: CType, name: Token): void {
  if (isComplete(type)) return;
  context.fail('incomplete-type', `'${name.image}' has the incomplete type '${typeName(type)}'`, name);
}

/** An object with linkage: `int x;`, `static int x;`, `extern int x;`, with or without initialiser. */
function defineGlobal(
  context: CheckContext,
  { name, type }: NamedType,
  specifiers: Tree.Specifiers,
  initialiser: Tree.Initialiser | undefined,
): void {
  const { scopes } = context;
  const isExtern = specifiers.storage === 'extern' && initialiser === undefined;
  const old = scopes.findAtFileScope(name!.image);
  if (old !== undefined && (old.kind !== 'global' || !isCompatible(old.type, type))) failRedefinition(context, name!);
  if (type.kind === 'void') checkObjectType(context, type, name!);
  const variable = (old as GlobalVariable | undefined) ?? createGlobal(context, name!, type);
  variable.type = compositeType(variable.type, type);
  if (specifiers.storage === 'static') variable.isExternal = false;
  variable.isUsed ||= specifiers.isUnused;
  variable.alignment = Math.max(variable.alignment, alignmentOf(type), requestedAlignment(context, specifiers));
  if (!isExtern) variable.isDefined = true;
  scopes.declareAtFileScope(name!.image, variable);
  if (!scopes.isFileScope) scopes.declare(name!.image, variable);
  if (initialiser !== undefined) initialiseGlobal(context, variable, initialiser, name!);
}

function createGlobal(context: CheckContext, name: Token, type: CType): GlobalVariable {
  const variable: GlobalVariable = {
    kind: 'global',
    name: name.image,
    type,
    token: name,
    alignment: 1,
    isExternal: true,
    isDefined: false,
    isUsed: false,
    data: undefined,
    isLiteral: false,
  };
  context.globals.push(variable);
  return variable;
}

function initialiseGlobal(context: CheckContext, variable: GlobalVariable, node: Tree.Initialiser, name: Token): void {
  if (variable.data !== undefined) context.fail('redefinition', `'${name.image}' is defined twice`, name);
  const { type, stores } = checkInitialiser(context, variable.type, node);
  variable.type = compositeType(variable.type, type);
  variable.data = staticData(context, stores, name);
}

function defineStaticLocal(
  context: CheckContext,
  { name, type }: NamedType,
  specifiers: Tree.Specifiers,
  initialiser: Tree.Initialiser | undefined,
): void {
  refuseRedeclaration(context, name!);
  const variable = createGlobal(context, name!, type);
  variable.isExternal = false;
  variable.isDefined = true;
  variable.isUsed = specifiers.isUnused;
  variable.alignment = Math.max(alignmentOf(type), requestedAlignment(context, specifiers));
  context.scopes.declare(name!.image, variable);
  if (initialiser !== undefined) initialiseGlobal(context, variable, initialiser, name!);
  checkObjectType(context, variable.type, name!);
}

function refuseRedeclaration(context: CheckContext, name: Token): void {
  if (context.scopes.findHere(name.image) !== undefined) {
    context.fail('redefinition', `'${name.image}' is declared twice`, name);
  }
}

function defineLocal(
  context: CheckContext,
  named: NamedType,
  specifiers: Tree.Specifiers,
  node: Tree.Initialiser | undefined,
): TypedStatement {
  const name = named.name!;
  refuseRedeclaration(context, name);
  const alignment = Math.max(alignmentOf(named.type), requestedAlignment(context, specifiers));
  if (alignment > STACK_ALIGNMENT) {
    context.fail('unsupported', `local variables are aligned to at most ${STACK_ALIGNMENT}`, name);
  }
  const isOpen = named.type.kind === 'array' && named.type.length === undefined;
  if (!isOpen || node === undefined) checkObjectType(context, named.type, name);
  // An array without a length gets it from its initialiser, in which its own name is of no use.
  if (isOpen) return defineOpenArray(context, named, alignment, node!, specifiers.isUnused);
  warnShadowing(context, name);
  const variable = createLocal(context, name, named.type, alignment, specifiers.isUnused);
  context.scopes.declare(name.image, variable);
  if (node === undefined) return { kind: 'variable', token: name, variable, initialiser: undefined };
  const checked = checkInitialiser(context, variable.type, node);
  const isSingle = isScalar(variable.type) || (variable.type.kind === 'record' && node.kind !== 'list');
  const initialiser = isSingle ? checked.stores[0]!.value : localInitialiser(context, checked);
  return { kind: 'variable', token: name, variable, initialiser };
}

function defineOpenArray(
  context: CheckContext,
  { name, type }: NamedType,
  alignment: number,
  node: Tree.Initialiser,
  isUsed: boolean,
): TypedStatement {
  const checked = checkInitialiser(context, type, node);
  const variable = createLocal(context, name!, checked.type, alignment, isUsed);
  context.scopes.declare(name!.image, variable);
  return { kind: 'variable', token: name!, variable, initialiser: localInitialiser(context, checked) };
}

function createLocal(
  context: CheckContext,
  token: Token,
  type: CType,
  alignment: number,
  isUsed: boolean,
): LocalVariable {
  const { image: name } = token;
  const variable: LocalVariable = { kind: 'local', name, type, token, alignment, isAddressTaken: false, isUsed };
  context.function?.locals.push(variable);
  return variable;
}

// --- functions ------------------------------------------------------------------------------------------------------

function declareFunction(
  context: CheckContext,
  { name, type }: NamedType,
  specifiers: Tree.Specifiers,
  initialiser?: Tree.Initialiser,
): FunctionSymbol {
  if (initialiser !== undefined) context.fail('bad-initialiser', 'a function has no initialiser', name!);
  const { scopes } = context;
  const old = scopes.findAtFileScope(name!.image);
  if (old !== undefined && (old.kind !== 'function' || !isCompatible(old.type, type))) failRedefinition(context, name!);
  const symbol = (old as FunctionSymbol | undefined) ?? createFunction(context, name!, type as FunctionType);
  symbol.type = compositeType(symbol.type, type) as FunctionType;
  if (specifiers.storage === 'static') symbol.isExternal = false;
  symbol.isInline ||= specifiers.isInline;
  symbol.isNoReturn ||= specifiers.isNoReturn;
  symbol.isUsed ||= specifiers.isUnused;
  scopes.declareAtFileScope(name!.image, symbol);
  if (!scopes.isFileScope) scopes.declare(name!.image, symbol);
  return symbol;
}

function createFunction(context: CheckContext, token: Token, type: FunctionType): FunctionSymbol {
  const symbol: FunctionSymbol = {
    kind: 'function',
    name: token.image,
    type,
    token,
    isExternal: true,
    isInline: false,
    isNoReturn: false,
    isUsed: false,
    body: undefined,
  };
  context.functions.push(symbol);
  return symbol;
}

function checkFunction(context: CheckContext, node: Tree.FunctionDefinitionNode): void {
  const { specifiers, declarator } = node;
  if (specifiers.storage !== 'none' && specifiers.storage !== 'extern' && specifiers.storage !== 'static') {
    context.fail('bad-declaration', `a function cannot be '${specifiers.storage}'`, specifiers.token);
  }
  const declared = declaredType(context, specifiedType(context, specifiers), declarator);
  const outer = declarator.derivations[0] as Tree.Derivation & { kind: 'function' };
  const sizes: SizeCollector = { locals: [], statements: [] };
  context.sizes = sizes;
  context.scopes.open();
  const parameters = definedParameters(context, node, outer);
  context.scopes.close();
  context.sizes = undefined;
  const isOldStyle = outer.names !== undefined;
  const functionType = declared.type as FunctionType;
  // The definition's own parameter types; an old-style one promises its callers nothing.
  const type = isOldStyle
    ? { ...functionType, parameters: parameters.map((parameter) => parameter.type) }
    : functionType;
  const symbol = declareFunction(context, { ...declared, type }, specifiers);
  if (symbol.body !== undefined) context.fail('redefinition', `'${symbol.name}' is defined twice`, declared.name!);
  if (isOldStyle && !symbol.type.hasPrototype) symbol.type = type;
  const { result } = type;
  if (result.kind !== 'void' && !isComplete(result)) {
    context.fail(
      'incomplete-type',
      `'${symbol.name}' returns '${typeName(result)}', which is incomplete`,
      declared.name!,
    );
  }
  checkFunctionBody(context, symbol, parameters, sizes, node);
}

function checkFunctionBody(
  context: CheckContext,
  symbol: FunctionSymbol,
  parameters: readonly LocalVariable[],
  sizes: SizeCollector,
  { declarator, body }: Tree.FunctionDefinitionNode,
): void {
  const token = declarator.name!;
  const variableArguments = symbol.type.isVariadic ? createParameter('...', argumentListType, token) : undefined;
  const open: OpenFunction = {
    symbol,
    variableArguments,
    labels: new Map(),
    addressedLabels: [],
    switches: [],
    locals: [...parameters, ...sizes.locals],
    needsMemory: false,
    blocks: [],
    breakBlocks: [],
    continueBlocks: [],
    hasVariableArrays: false,
    outerLabels: [],
    reported: new Set(),
  };
  context.function = open;
  context.scopes.open();
  for (const parameter of parameters) context.scopes.declare(parameter.name, parameter);
  context.sizes = { locals: open.locals, statements: [] };
  const checked = checkBlock(context, body);
  const statements = [...sizes.statements, ...finishBody(context, checked, body.token)];
  context.scopes.close();
  context.sizes = undefined;
  context.function = undefined;
  for (const label of open.labels.values()) {
    if (!label.isPlaced) context.report.error('undeclared-label', `there is no label '${label.name}'`, label.token);
  }
  warnUnusedNames(context, open, parameters);
  const needsMemory = open.needsMemory || open.locals.length > MAX_VARIABLE_REGISTERS || open.locals.some(isInMemory);
  const block = { kind: 'block', token: body.token, statements } as const;
  const mustReturn = symbol.type.result.kind !== 'void' && symbol.name !== 'main' && !symbol.isNoReturn;
  if (mustReturn && !context.report.hasErrors && fallsThrough(block)) {
    context.report.warning('missing-return', `'${symbol.name}' can end without returning a value`, body.end);
  }
  const { addressedLabels } = open;
  symbol.body = { parameters, body: block, variableArguments, addressedLabels, needsMemory, token, end: body.end };
}

function isInMemory(variable: LocalVariable): boolean {
  return variable.isAddressTaken || !isScalar(variable.type);
}

/** The parameters of a definition as variables, in order. */
function definedParameters(
  context: CheckContext,
  node: Tree.FunctionDefinitionNode,
  outer: Tree.Derivation & { kind: 'function' },
): LocalVariable[] {
  if (outer.names !== undefined) return oldStyleParameters(context, node, outer.names);
  const [first] = outer.parameters;
  if (outer.parameters.length === 1 && parameterType(context, first!).type.kind === 'void') return [];
  return outer.parameters.map((parameter) => {
    const { name, token, type } = parameterType(context, parameter);
    if (!isComplete(type)) checkObjectType(context, type, name ?? token);
    const variable = createParameter(name?.image ?? '', type, name ?? token, parameter.specifiers.isUnused);
    // The sizes of arrays further on may depend on it.
    if (name !== undefined) context.scopes.declare(name.image, variable);
    return variable;
  });
}

function createParameter(name: string, type: CType, token: Token, isUsed = false): LocalVariable {
  return { kind: 'local', name, type, token, alignment: alignmentOf(type), isAddressTaken: false, isUsed };
}

function oldStyleParameters(
  context: CheckContext,
  node: Tree.FunctionDefinitionNode,
  names: readonly Token[],
): LocalVariable[] {
  const types = new Map<string, CType>();
  for (const declaration of node.parameterDeclarations) {
    if (declaration.kind !== 'declaration') continue;
    const base = specifiedType(context, declaration.specifiers);
    for (const { declarator } of declaration.declarators) {
      const { name, type } = declaredType(context, base, declarator);
      types.set(
        name!.image,
        type.kind === 'array' ? pointerTo(type.element) : type.kind === 'function' ? pointerTo(type) : type,
      );
    }
  }
  return names.map((name) => createParameter(name.image, types.get(name.image) ?? intType, name));
}

/** Completes what the end of a translation unit completes: `int a[];` has one element. */
export function completeGlobals(context: CheckContext): void {
  warnUnusedStatics(context);
  for (const variable of context.globals) {
    const { type, token } = variable;
    if (!variable.isDefined) continue;
    if (type.kind === 'array' && type.length === undefined) variable.type = arrayOf(type.element, 1);
    if (!isComplete(variable.type)) {
      context.report.error('incomplete-type', `'${variable.name}' has the incomplete type '${typeName(type)}'`, token);
    }
  }
}
