import { describe, expect, it } from 'vitest';
import { keptXmp } from './xmp.ts';

const XMP = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description tiff:Orientation="6" dc:format="image/jpeg"
 exif:GPSLatitude='6,10.5S' photoshop:City="Bandung">
 <exif:GPSLongitude>106,49E</exif:GPSLongitude><exif:GPSVersionID/><dc:creator>Ada</dc:creator>
 <Iptc4xmpExt:LocationShown><rdf:Bag><rdf:li>Home</rdf:li></rdf:Bag></Iptc4xmpExt:LocationShown>
</rdf:Description></rdf:RDF></x:xmpmeta>`;

describe('keptXmp', () => {
  it('leaves out the place, as attributes and as elements, and what is not true any more', () => {
    const kept = keptXmp(new TextEncoder().encode(XMP), false);
    expect(kept).not.toMatch(/GPS|Bandung|Home|106|Orientation/);
    expect(kept).toContain('dc:format="image/jpeg"');
    expect(kept).toContain('<dc:creator>Ada</dc:creator>');
  });

  it('keeps the place where it is asked to, but not the orientation: the picture is upright', () => {
    const kept = keptXmp(new TextEncoder().encode(XMP), true);
    for (const words of ['6,10.5S', '106,49E', 'Bandung', 'Home']) expect(kept).toContain(words);
    expect(kept).not.toContain('Orientation');
  });

  it('gives nothing for bytes that are no text', () => {
    expect(keptXmp(new Uint8Array([0xff, 0xfe, 0x80]), true)).toBeUndefined();
  });

  it('gives nothing where a place begins and never ends, and is quick about a hundred thousand of them', () => {
    expect(keptXmp(new TextEncoder().encode('<x:xmpmeta><exif:GPSLatitude>6,10S</x:xmpmeta>'), false)).toBeUndefined();
    const began = performance.now();
    for (const part of ['<exif:GPSLatitude>', '<exif:GPSLatitude ', ' photoshop:City = "', '</photoshop:City>'])
      keptXmp(new TextEncoder().encode(part.repeat(100_000)), false);
    expect(performance.now() - began).toBeLessThan(2000);
  });
});
