import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const acceptedSchema = z.record(
  z.string(),
  z.strictObject({ licence: z.string(), by: z.string(), at: z.iso.datetime() }),
);
type Accepted = z.infer<typeof acceptedSchema>;

/** Who accepted the licence of which model, and when: a file in the models folder, beside what it is about. */
export class AcceptedLicences {
  readonly #folder: string;

  constructor(modelsFolder: string) {
    this.#folder = modelsFolder;
  }

  /** By the name of the model. A file that cannot be read says that nobody accepted anything. */
  async all(): Promise<Accepted> {
    try {
      return acceptedSchema.parse(JSON.parse(await readFile(this.#path, 'utf8')));
    } catch {
      return {};
    }
  }

  /** Notes that a person accepts a licence now. Who did so first stays. */
  async accept(model: string, licence: string, by: string): Promise<void> {
    const before = await this.all();
    if (before[model]?.licence === licence) return;
    await mkdir(this.#folder, { recursive: true });
    const next: Accepted = { ...before, [model]: { licence, by, at: new Date().toISOString() } };
    const temporary = `${this.#path}.${randomUUID()}.part`;
    await writeFile(temporary, JSON.stringify(next, null, 2), { flush: true });
    await rename(temporary, this.#path);
  }

  get #path(): string {
    return join(this.#folder, 'licences.json');
  }
}
