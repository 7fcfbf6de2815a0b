import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { card, seen } from './expect.ts';
import { post } from './post.ts';
import type { Chapter } from './story.ts';

/** A good network, and three bytes at its end that no reader minds: its checksum is nobody's. */
async function ownModel(folder: string): Promise<string> {
  const shipped = new URL('../../packages/nodes-upscaler/models/imaginarium-x2.onnx', import.meta.url);
  const path = join(folder, 'My network.onnx');
  await writeFile(path, Buffer.concat([await readFile(shipped), Buffer.of(0xc0, 0x3e, 0x01)]));
  return path;
}

export const modelChapters: readonly Chapter[] = [
  {
    title: 'the owner looks at the models, cancels a download, and imports, measures and removes an own network',
    async read(stage) {
      const { page } = stage;
      await page.goto(`${stage.address}/`);
      await page.getByRole('button', { name: /^Account/ }).click();
      await page.getByRole('menuitem', { name: 'Models' }).click();
      const row = (name: string) => page.getByRole('listitem', { name, exact: true });
      await seen(row('Imaginarium 4x').getByText('Comes with Imaginarium'));
      await seen(row('CodeFormer').getByText('Not for commercial use'));
      await row('Real-ESRGAN x4plus').getByText('How to install it').click();
      await seen(row('Real-ESRGAN x4plus').getByText('RRDBNet', { exact: false }));
      await stage.picture('models');
      await stage.accessible();
      await stage.inTheme('dark', async () => {
        await stage.picture('models-dark');
        await stage.accessible();
      });
      // The mirror of this server answers nobody.
      await page.getByRole('button', { name: 'Install YuNet' }).click();
      await seen(row('YuNet').getByText('Fetching'));
      await stage.picture('models-fetching');
      await page.getByRole('button', { name: 'Cancel fetching YuNet' }).click();
      await seen(row('YuNet').getByText('Cancelled.', { exact: false }));
      await page.getByTestId('model-file').setInputFiles(await ownModel(stage.data));
      await row('My network').getByText('a megapixel here', { exact: false }).waitFor({ timeout: 60_000 });
      await stage.picture('models-own');
      await stage.accessible();
      await page.getByRole('button', { name: 'More about My network' }).click();
      await page.getByRole('menuitem', { name: 'Remove' }).click();
      await row('My network').waitFor({ state: 'detached' });
      await page.getByTestId('model-file').setInputFiles({
        name: 'page.onnx',
        mimeType: 'application/octet-stream',
        buffer: Buffer.from('<html>not found</html>'),
      });
      await seen(page.getByText('page.onnx is no ONNX file', { exact: false }));
      await stage.picture('models-refused');
      await page.getByRole('button', { name: 'OK' }).click();
    },
  },
  {
    title: 'an upscale says before it runs which of its stages are left out, and what installs them',
    async read(stage) {
      const { page } = stage;
      const node = (type: string, name: string, x: number) => {
        return { id: type.split('.')[1], type, version: 1, name, params: {}, position: { x, y: 0 } };
      };
      const graph = {
        schema: 1,
        nodes: [node('generator.pattern', 'Pattern', 0), node('upscaler.standard', 'Upscale 4x', 320)],
        edges: [{ id: 'e', from: { node: 'pattern', port: 'image' }, to: { node: 'standard', port: 'image' } }],
        ...{ inputs: [], notes: [], settings: {} },
      };
      const { id } = await post(page, '/workflows', { name: 'Upscale a portrait', graph });
      await page.goto(`${stage.address}/workflows/${id}`);
      await seen(card(page, 'Upscale 4x').getByText('Note', { exact: true }));
      await page.getByRole('button', { name: /~/ }).hover();
      await seen(page.getByText('Install it with: imaginarium models pull gfpgan-1.4.', { exact: false }));
      await stage.accessible();
      await stage.picture('upscale-left-out');
      await stage.inTheme('dark', () => stage.picture('upscale-left-out-dark'));
    },
  },
];
