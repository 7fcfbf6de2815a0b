import sharp from 'sharp';

/** A JPEG of 600 x 400 pixels with sky, hills and a sun: something a carousel can be made of, from no file. */
export async function photo(): Promise<Buffer> {
  const [width, height] = [600, 400];
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const hill = height * 0.65 + 40 * Math.sin(x / 70) + 20 * Math.sin(x / 23);
      const sun = Math.hypot(x - 430, y - 110) < 45;
      const sky = [110 + y / 4, 170 + y / 6, 240];
      const ground = [40 + (y - hill) / 4, 110 - (y - hill) / 3, 60];
      const colour = sun ? [255, 214, 90] : y < hill ? sky : ground;
      for (const [channel, value] of colour.entries())
        pixels[(y * width + x) * 3 + channel] = Math.max(0, Math.min(255, value));
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 90 })
    .toBuffer();
}
