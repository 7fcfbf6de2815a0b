import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { PackageModels } from '@imaginarium/engine';
import type { ExaminedModel, FoundModel, MeasuredSpeed, ModelKit } from '@imaginarium/node-sdk';
import { isTimed, type ModelEntry, type ModelState } from '@imaginarium/protocol';
import { AcceptedLicences } from './accepted-licences.ts';
import { hashOf } from './download.ts';
import { ModelError } from './model-error.ts';
import { ModelSpeeds } from './model-speeds.ts';
import { ownEntry, ownName } from './own-model.ts';
import { placeModel } from './place-model.ts';
import { Pull } from './pull.ts';

/** Where models are executed to be examined and measured: a process that may be killed for it. */
export interface ModelWorkshop {
  /** @throws {NonRetryableError} with every reason why the file cannot be used. */
  examineModel(
    packageName: string,
    request: { path: string; file: string; expected: ModelEntry | null },
    signal: AbortSignal,
  ): Promise<ExaminedModel>;
  /** @throws {NonRetryableError} when the model cannot be run. */
  measureModel(
    packageName: string,
    model: { entry: ModelEntry; path: string },
    signal: AbortSignal,
  ): Promise<MeasuredSpeed>;
}

export interface ModelManagerOptions {
  /** Absolute path of the folder of model files. */
  folder: string;
  /** What packages say of their models. */
  kits(): readonly PackageModels[];
  workshop: ModelWorkshop;
  proxyUrl: string | null;
  /** Where files are fetched by their names in the place of where the catalogue says; null for none. */
  mirrorUrl: string | null;
  /** Told of measurements that failed after a model was installed. */
  onError(error: unknown, message: string): void;
}

/** Who asks, and what they agree to. */
export interface Consent {
  by: string;
  acceptLicence: boolean;
}

/** A model as a kit found it, with the kit. */
interface Known extends FoundModel {
  packageName: string;
  kit: ModelKit;
}

/** The models of this installation: what can be had, what is here, and the ways between the two. */
export class ModelManager {
  readonly #options: ModelManagerOptions;
  readonly #licences: AcceptedLicences;
  readonly #pulls = new Map<string, Pull>();
  readonly #speeds: ModelSpeeds;

  constructor(options: ModelManagerOptions) {
    this.#options = options;
    this.#licences = new AcceptedLicences(options.folder);
    this.#speeds = new ModelSpeeds((name) => this.#measure(name), options.onError);
  }

  /** Every model that is known, best first within a task, with downloads under way. */
  async list(): Promise<ModelState[]> {
    const [known, accepted] = await Promise.all([this.#known(), this.#licences.all()]);
    return known.map((model) => this.#stateOf(model, accepted));
  }

  /**
   * Begins to fetch a model; the list tells how far it is. One that is being fetched already, or is here, is left as it is.
   * @throws {ModelError} when nobody hosts it, or its licence has to be accepted first.
   */
  async pull(name: string, consent: Consent): Promise<ModelState> {
    const model = await this.#find(name);
    if (model.state === 'installed' || this.#pulls.get(name)?.isActive) return this.state(name);
    const { entry } = model;
    const url = this.#urlOf(entry);
    if (url === null || entry.sha256 === null) throw new ModelError('bad-request', this.#whyNotPullable(entry));
    await this.#accept(entry, consent);
    const pull = new Pull({
      ...{ url, sha256: entry.sha256, bytes: entry.bytes, proxyUrl: this.#options.proxyUrl },
      ...{ target: model.path, title: entry.title },
    });
    this.#pulls.set(name, pull);
    pull.done.then(
      () => {
        this.#pulls.delete(name);
        void this.#speeds.measureQuietly(name);
      },
      () => undefined,
    );
    return this.state(name);
  }

  /** Resolves once a download has come to its end, and at once when there is none. @throws {ModelError} when it failed or was cancelled. */
  async pulled(name: string): Promise<void> {
    await this.#pulls.get(name)?.done;
    await this.#speeds.settled(name);
  }

  /** Stops a download. What is here already is kept for the next try. */
  async cancelPull(name: string): Promise<ModelState> {
    await this.#pulls.get(name)?.cancel();
    return this.state(name);
  }

  /** Reads the whole file of a model and compares it with the catalogue. */
  async verify(name: string): Promise<ModelState> {
    const { path, state, entry } = await this.#find(name);
    const now = await this.state(name);
    if (state !== 'installed') return now;
    const sum = (await hashOf(path)).digest('hex');
    return sum === entry.sha256 ? now : { ...now, state: 'damaged' };
  }

  /**
   * Measures how fast a model is on this machine.
   * @throws {ModelError} when it is not installed, or nobody would notice its time; {NonRetryableError} when it cannot be run.
   */
  async measure(name: string): Promise<ModelState> {
    const { entry } = await this.#find(name);
    if (!isTimed(entry))
      throw new ModelError(
        'bad-request',
        `${entry.title} is not measured: finding faces is a small part of any upscale.`,
      );
    await this.#speeds.measure(name);
    return this.state(name);
  }

  /** Measures models in the background that were not measured on this machine yet; one that fails is not tried again. */
  measureOnce(names: readonly string[]): void {
    this.#speeds.measureOnce(names);
  }

  /**
   * Removes the file of a model, and what a download has left of it.
   * @throws {ModelError} for one that comes with a package, and while it is being fetched.
   */
  async remove(name: string): Promise<void> {
    const { entry, path, kit } = await this.#find(name);
    if (entry.origin === 'shipped')
      throw new ModelError('bad-request', `${entry.title} comes with its node package and cannot be removed.`);
    if (this.#pulls.get(name)?.isActive)
      throw new ModelError('model-busy', `${entry.title} is being fetched. Cancel that first.`);
    this.#pulls.delete(name);
    await rm(path, { force: true });
    await rm(`${path}.part`, { force: true });
    if (entry.origin === 'own') await kit.keepOwn(this.#options.folder, name, null);
  }

  /**
   * Installs a model from a file on this machine, which is left where it is. One of the catalogue is known by its checksum, whatever it is
   * called; any other is examined, tried and measured, and becomes an own model called as its file.
   * @param filename what the file is called.
   * @throws {ModelError} with every reason why it cannot be used.
   */
  async importFile(path: string, filename: string, consent: Consent): Promise<ModelState> {
    const { folder } = this.#options;
    const known = await this.#known();
    const sha256 = (await hashOf(path)).digest('hex');
    const same = known.find(({ entry }) => entry.sha256 === sha256);
    if (same) {
      await this.#accept(same.entry, consent);
      if (same.entry.origin !== 'shipped') await placeModel(path, same.path);
      await this.#speeds.measureQuietly(same.entry.name);
      return this.state(same.entry.name);
    }
    const file = basename(filename);
    const expected = known.find(({ entry }) => entry.sha256 === null && entry.file === file)?.entry ?? null;
    const name = expected?.name ?? ownName(file);
    const taken = known.find(({ entry }) => entry.name === name && entry !== expected);
    if (taken && taken.entry.origin !== 'own')
      throw new ModelError(
        'model-refused',
        `${file} is not the file of ${taken.entry.title}: its SHA-256 differs. Give it another name to import it as a model of your own.`,
      );
    if (expected) await this.#accept(expected, consent);
    const [owner] = this.#options.kits();
    if (!owner) throw new ModelError('model-refused', 'No node package that is installed works with models.');
    const facts = await this.#options.workshop
      .examineModel(owner.packageName, { path, file, expected }, new AbortController().signal)
      .catch((cause: unknown) => {
        throw new ModelError('model-refused', cause instanceof Error ? cause.message : String(cause), { cause });
      });
    const { bytes } = await placeModel(path, join(folder, `${name}.onnx`));
    const entry: ModelEntry = {
      ...(expected ?? ownEntry(name, file)),
      ...facts,
      ...{ name, origin: 'own', file: `${name}.onnx`, url: null, sha256, bytes },
    };
    await owner.kit.keepOwn(folder, name, entry);
    await this.#speeds.measureQuietly(name);
    return this.state(name);
  }

  /** One model as the list has it. @throws {ModelError} `not-found` */
  async state(name: string): Promise<ModelState> {
    return this.#stateOf(await this.#find(name), await this.#licences.all());
  }

  /** Stops all downloads. */
  async close(): Promise<void> {
    await Promise.all([...this.#pulls.values()].map((pull) => pull.cancel()));
  }

  async #known(): Promise<Known[]> {
    const found = this.#options.kits().map(async ({ packageName, kit }) => {
      const models = await kit.find(this.#options.folder);
      return models.map((model): Known => ({ ...model, packageName, kit }));
    });
    return (await Promise.all(found)).flat();
  }

  async #find(name: string): Promise<Known> {
    const known = await this.#known();
    const model = known.find(({ entry }) => entry.name === name);
    if (model) return model;
    const names = known.map(({ entry }) => entry.name).join(', ');
    throw new ModelError('not-found', `There is no model "${name.slice(0, 64)}". There are: ${names}.`);
  }

  #stateOf({ entry, state, speed }: Known, accepted: Awaited<ReturnType<AcceptedLicences['all']>>): ModelState {
    const consent = accepted[entry.name];
    const isCurrent = consent?.licence === entry.licence.name;
    return {
      ...{ entry, state, speed },
      pull: state === 'installed' ? null : (this.#pulls.get(entry.name)?.state ?? null),
      pullable: this.#urlOf(entry) !== null && entry.sha256 !== null,
      accepted: isCurrent ? { by: consent.by, at: consent.at } : null,
    };
  }

  #urlOf({ origin, url, file }: ModelEntry): string | null {
    if (origin !== 'catalogue') return null;
    const { mirrorUrl } = this.#options;
    return mirrorUrl === null ? url : new URL(file, mirrorUrl.endsWith('/') ? mirrorUrl : `${mirrorUrl}/`).href;
  }

  #whyNotPullable({ title, file, convert, origin }: ModelEntry): string {
    if (origin === 'shipped') return `${title} comes with its node package. Install that again if its file is damaged.`;
    if (origin === 'own') return `${title} was imported here: import its file again.`;
    return `Nobody hosts ${file} with a checksum, so it cannot be fetched. ${convert ?? ''} Import it with: imaginarium models import ${file}`;
  }

  async #accept({ name, title, licence, commercial }: ModelEntry, { by, acceptLicence }: Consent): Promise<void> {
    if (acceptLicence) return this.#licences.accept(name, licence.name, by);
    if (commercial || (await this.#licences.all())[name]?.licence === licence.name) return;
    throw new ModelError(
      'licence-not-accepted',
      `${title} is under ${licence.name}. ${licence.note ?? 'It is not for commercial use.'}${licence.url ? ` Read it at ${licence.url}.` : ''} Accept it to go on.`,
    );
  }

  /** Measures a model and keeps its speed. @throws {ModelError} when it is not installed; {NonRetryableError} when it cannot be run. */
  async #measure(name: string): Promise<void> {
    const { entry, path, state, kit, packageName } = await this.#find(name);
    if (state !== 'installed' || entry.sha256 === null)
      throw new ModelError('bad-request', `${entry.title} is not installed: install it first.`);
    if (!isTimed(entry)) return;
    const measured = await this.#options.workshop.measureModel(
      packageName,
      { entry, path },
      new AbortController().signal,
    );
    const speed = { sha256: entry.sha256, ...measured, measuredAt: new Date().toISOString() };
    await kit.keepSpeed(this.#options.folder, name, speed);
  }
}
