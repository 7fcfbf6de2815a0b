import { displayName } from '../files/display-name.ts';
import { receiveUpload } from '../files/receive-upload.ts';
import type { WorkspaceStores } from '../workspace-stores.ts';
import type { AppDeps } from './app-deps.ts';
import type { Handlers } from './handler.ts';
import { HttpError, notFound } from './http-error.ts';
import { sendFile, sendMade } from './send-file.ts';

type FileRoute = 'uploadFile' | 'listFiles' | 'getFile' | 'getFileContent' | 'getFileThumbnail';

/** How long the rest of a refused upload is read and thrown away, so that its sender lives to hear why. */
const REFUSED_UPLOAD_MS = 30_000;

/** Files: their bytes in, and out again as far as the workspace owns them. */
export function fileHandlers(deps: AppDeps): Pick<Handlers, FileRoute> {
  return {
    async uploadFile({ stores, principal, query, req }) {
      try {
        if (deps.isDraining())
          throw new HttpError('shutting-down', 'The server is going down. Upload again in a moment.');
        const name = displayName(query.name);
        const bytes = receiveUpload(req, deps.config.uploadLimitBytes);
        const file = await deps.fileStore(principal.workspace.id).put(bytes, { name });
        return await stores.files.add(file);
      } catch (error) {
        if (!req.complete) {
          req.resume();
          setTimeout(() => req.destroy(), REFUSED_UPLOAD_MS).unref();
        }
        throw error;
      }
    },

    listFiles: ({ stores, query }) => stores.files.list(query),

    getFile: ({ stores, params }) => findFile(stores, params.id),

    async getFileContent({ stores, principal, params, query, req, res }) {
      const file = await findFile(stores, params.id);
      const store = deps.fileStore(principal.workspace.id);
      const options = { download: query.download !== undefined, name: query.name ?? file.name };
      await sendFile(req, res, file, store, options);
      return undefined;
    },

    async getFileThumbnail({ stores, params, query, req, res }) {
      const file = await findFile(stores, params.id);
      if (file.kind !== 'image')
        throw new HttpError('not-found', `${file.name} is not a picture: it has no thumbnail.`);
      const { path } = await deps.thumbnails.get(file, query.size);
      await sendMade(req, res, { path, etag: `${file.id}-${query.size}`, mime: 'image/webp' });
      return undefined;
    },
  };
}

/** A file of the workspace. @throws {HttpError} `not-found`, also when it is another's. */
export async function findFile(stores: WorkspaceStores, id: string) {
  const file = await stores.files.get(id);
  if (!file) throw notFound('file', id);
  return file;
}
