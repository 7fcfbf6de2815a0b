import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elementType, isListType, isMediaType, PORT_TYPES, type PortType, refuseWire } from './port-type.ts';

const anyType = fc.constantFrom(...PORT_TYPES);
const fits = (from: PortType, to: PortType) => refuseWire(from, to) === undefined;

describe('refuseWire', () => {
  it('lets these single types meet and no others', () => {
    const single = PORT_TYPES.filter((type) => !isListType(type) && type !== 'any');
    const met = single.flatMap((from) => single.filter((to) => fits(from, to)).map((to) => `${from} > ${to}`));
    expect(met).toEqual([
      'image > image',
      'video > video',
      'audio > audio',
      'document > document',
      'text > text',
      'text > json',
      'number > text',
      'number > number',
      'number > json',
      'boolean > text',
      'boolean > boolean',
      'boolean > json',
      'json > json',
    ]);
  });

  it('lets every type meet itself, and lets any take and give all', () => {
    fc.assert(
      fc.property(anyType, (type) => {
        expect(fits(type, type)).toBe(true);
        expect(fits(type, 'any')).toBe(true);
        expect(fits('any', type)).toBe(true);
      }),
    );
  });

  it('takes into a list what fits its elements, as one element or as a list', () => {
    fc.assert(
      fc.property(anyType, anyType, (from, to) => {
        fc.pre(isListType(to) && from !== 'any' && from !== 'list<any>');
        expect(fits(from, to)).toBe(fits(elementType(from), elementType(to)));
      }),
    );
  });

  it('refuses a list where one value is taken, and says what helps', () => {
    expect(refuseWire('list<image>', 'image')).toEqual({
      message: 'A list of image cannot go into a port that takes one image at a time.',
      remedy: 'Put a node that splits the list between the two.',
    });
  });

  it('takes lists of what JSON can hold as JSON, and no lists of files', () => {
    const lists = PORT_TYPES.filter((type) => isListType(type) && type !== 'list<any>');
    expect(lists.filter((type) => fits(type, 'json'))).toEqual([
      ...['list<text>', 'list<number>', 'list<boolean>', 'list<json>'],
    ]);
  });

  it('says what the port takes and what came', () => {
    expect(refuseWire('text', 'image')).toEqual({
      message: 'This port takes an image, not text.',
      remedy: 'Wire it from a port that gives an image.',
    });
    expect(refuseWire('image', 'json')?.message).toBe('This port takes JSON data, not an image.');
    expect(refuseWire('json', 'number')?.message).toBe('This port takes a number, not JSON data.');
    expect(refuseWire('list<text>', 'list<image>')?.message).toBe('This port takes an image, not text.');
  });

  it('gives a reason with a remedy for every pair it refuses', () => {
    fc.assert(
      fc.property(anyType, anyType, (from, to) => {
        const refusal = refuseWire(from, to);
        if (refusal) expect(refusal.message.endsWith('.') && refusal.remedy.endsWith('.')).toBe(true);
      }),
    );
  });
});

describe('port types', () => {
  it('know their elements and which of them are media', () => {
    expect(PORT_TYPES).toHaveLength(18);
    expect(elementType('list<video>')).toBe('video');
    expect(elementType('video')).toBe('video');
    expect(PORT_TYPES.filter(isMediaType)).toEqual(['image', 'video', 'audio', 'document']);
  });
});
