// Code that initialises local structs, unions and arrays.
import {
  type Address,
  clearObject,
  copyObject,
  generateAddress,
  isAggregate,
  NO_REGISTER,
  store,
  storeBits,
} from './generate-addresses';
import { generateValue } from './generate-expressions';
import type { Generation } from './generation';
import type { InitialiserStore, LocalInitialiser } from './typed-tree';
import { type CType, sizeOf } from './types';

/** Initialises the object of `type` at `address`. */
export function generateStores(
  g: Generation,
  address: Address,
  type: CType,
  { isZeroed, items }: LocalInitialiser,
): void {
  if (isZeroed) clearObject(g, address, sizeOf(type));
  for (const item of items) {
    const mark = g.frame.mark();
    generateStore(g, address, item);
    g.frame.releaseRegisters(mark);
  }
}

function generateStore(g: Generation, address: Address, { offset, type, bitField, value }: InitialiserStore): void {
  g.code.token = value.token;
  const place = { base: address.base, offset: address.offset + offset, index: NO_REGISTER };
  if (isAggregate(type)) copyObject(g, place, generateAddress(g, value), sizeOf(type));
  else if (bitField !== undefined) storeBits(g, type, bitField, place, generateValue(g, value), false);
  else store(g, type, place, generateValue(g, value));
}
