import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { isTimed } from '@imaginarium/protocol';
import type { Principal } from '../accounts/account-store.ts';
import { receiveUpload } from '../files/receive-upload.ts';
import type { AppDeps } from './app-deps.ts';
import type { Handlers } from './handler.ts';
import { HttpError } from './http-error.ts';

type ModelRoute =
  | 'listModels'
  | 'pullModel'
  | 'cancelModelPull'
  | 'verifyModel'
  | 'measureModel'
  | 'removeModel'
  | 'importModel';

/** Larger models are imported in a terminal, without a copy on the way. */
const MOST_IMPORT_BYTES = 1_000_000_000;

/** The models of the installation. All workspaces share them, so only the owner of the server changes them. */
export function modelHandlers({ accounts, models, workFolder }: AppDeps): Pick<Handlers, ModelRoute> {
  const mayChange = ({ user }: Principal) => accounts.isServerOwner(user.id);
  const refuseOthers = async (principal: Principal) => {
    if (await mayChange(principal)) return;
    throw new HttpError(
      'not-allowed',
      'Models are shared by all workspaces: only the owner of the server changes them.',
    );
  };
  return {
    async listModels({ principal }) {
      const list = await models.list();
      // Who looks at models wants to know how fast they are here; the next look tells.
      const unmeasured = list.filter(({ entry, state, speed }) => isTimed(entry) && state === 'installed' && !speed);
      models.measureOnce(unmeasured.map(({ entry }) => entry.name));
      return { models: list, mayChange: await mayChange(principal) };
    },

    async pullModel({ principal, params, body }) {
      await refuseOthers(principal);
      return models.pull(params.name, { by: principal.user.name, acceptLicence: body.acceptLicence === true });
    },

    async cancelModelPull({ principal, params }) {
      await refuseOthers(principal);
      return models.cancelPull(params.name);
    },

    async verifyModel({ principal, params }) {
      await refuseOthers(principal);
      return models.verify(params.name);
    },

    async measureModel({ principal, params }) {
      await refuseOthers(principal);
      return models.measure(params.name);
    },

    async removeModel({ principal, params }) {
      await refuseOthers(principal);
      await models.remove(params.name);
      return undefined;
    },

    async importModel({ principal, query, req }) {
      await refuseOthers(principal);
      const folder = await mkdtemp(join(workFolder, 'model-'));
      try {
        const path = join(folder, 'model.onnx');
        await pipeline(Readable.from(receiveUpload(req, MOST_IMPORT_BYTES)), createWriteStream(path));
        const consent = { by: principal.user.name, acceptLicence: query.acceptLicence === true };
        return await models.importFile(path, query.name, consent);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}
