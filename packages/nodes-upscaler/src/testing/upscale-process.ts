import { copyFile, readFile, writeFile } from 'node:fs/promises';
import type { FileRef } from '@imaginarium/node-sdk';
import { TestFiles, testNode } from '@imaginarium/node-sdk/testing';
import { standard } from '../tiers/standard.ts';

// Upscales a picture in a process of its own, which a test may kill: node upscale-process.ts LASTING MODELS PICTURE RESULT.
// The result is there when the process ends well, and its fields beside it.

const [lasting = '', modelsFolder = '', picture = '', result = ''] = process.argv.slice(2);

/** Files whose work folder outlives this process. */
class LastingFiles extends TestFiles {
  override async lastingFolder(): Promise<string> {
    return lasting;
  }
}

await using files = new LastingFiles();
const image = await files.write(await readFile(picture), { name: 'photo.png' });
const outcome = await testNode(standard)
  .params({ format: 'png' })
  .items([{ input: { image } }])
  .files(files)
  .modelsFolder(modelsFolder)
  .run();
const [item] = outcome.outputs.image ?? [];
await copyFile(await files.path(item?.value as FileRef), result);
await writeFile(`${result}.json`, JSON.stringify(item?.fields));
