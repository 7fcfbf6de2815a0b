import { z } from 'zod';
import { FILE_KINDS, type FileKind } from './file-ref.ts';

const SINGLE_PORT_TYPES = [...FILE_KINDS, 'text', 'number', 'boolean', 'json', 'any'] as const;

/** What one item on a port is. */
export type SinglePortType = (typeof SINGLE_PORT_TYPES)[number];
/** What an item on a port is: one value, or a list of them held in one item. */
export type PortType = SinglePortType | `list<${SinglePortType}>`;

export const PORT_TYPES: readonly PortType[] = [
  ...SINGLE_PORT_TYPES,
  ...SINGLE_PORT_TYPES.map((type) => `list<${type}>` as const),
];

export const portTypeSchema = z.enum(PORT_TYPES as [PortType, ...PortType[]]);

/** The type inside a list, or the type itself. */
export function elementType(type: PortType): SinglePortType {
  return (isListType(type) ? type.slice('list<'.length, -1) : type) as SinglePortType;
}

export function isListType(type: PortType): boolean {
  return type.startsWith('list<');
}

/** Whether items of this type carry a `file` instead of a `value`. */
export function isMediaType(type: PortType): type is FileKind {
  return (FILE_KINDS as readonly string[]).includes(type);
}

/** Why a wire from one port type to another is refused. */
export interface WireRefusal {
  message: string;
  remedy: string;
}

/**
 * Whether an output of type `from` may be wired to an input of type `to`. The same function decides in the editor while a wire
 * is drawn and on the server when a graph is saved.
 * @returns the reason for a refusal, or undefined when the wire fits.
 */
export function refuseWire(from: PortType, to: PortType): WireRefusal | undefined {
  if (to === 'any' || from === 'any' || from === to) return undefined;
  if (isListType(to) && !isListType(from)) return refuseWire(from, elementType(to));
  if (isListType(to) && isListType(from)) return refuseWire(elementType(from), elementType(to));
  // A list of what JSON can hold is JSON itself.
  if (to === 'json' && !isMediaType(elementType(from))) return undefined;
  if (isListType(from)) {
    return {
      message: `A list of ${elementType(from)} cannot go into a port that takes one ${to} at a time.`,
      remedy: 'Put a node that splits the list between the two.',
    };
  }
  // Numbers and booleans have one obvious written form each.
  if (to === 'text' && (from === 'number' || from === 'boolean')) return undefined;
  return {
    message: `This port takes ${describeType(to)}, not ${describeType(from)}.`,
    remedy: `Wire it from a port that gives ${describeType(to)}.`,
  };
}

function describeType(type: PortType): string {
  if (isListType(type)) return `a list of ${elementType(type)}`;
  switch (type) {
    case 'image':
      return 'an image';
    case 'audio':
      return 'a sound';
    case 'any':
      return 'anything';
    case 'text':
      return 'text';
    case 'json':
      return 'JSON data';
    default:
      return `a ${type}`;
  }
}
