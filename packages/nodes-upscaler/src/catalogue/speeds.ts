import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { type ModelSpeed, modelSpeedSchema } from '@imaginarium/node-sdk';

/** Speeds hold for one runtime, of which another version may be faster, and for one way to measure. */
const RUNTIME = 'onnxruntime-node 1.30.0, others left out';

/** What the speed of a model depends on beside the model: processor, cores that may be used, system and runtime, as a short name for files. */
export function machineFingerprint(): string {
  const machine = [cpus()[0]?.model ?? '', availableParallelism(), process.arch, process.platform, RUNTIME];
  return createHash('sha256').update(JSON.stringify(machine)).digest('hex').slice(0, 16);
}

/** One file for each machine: several may share a models folder. */
const fileIn = (modelsFolder: string) => join(modelsFolder, `speeds-${machineFingerprint()}.json`);

/** How fast models were measured to be on this machine, by name. What cannot be read was not measured. */
export async function readSpeeds(modelsFolder: string): Promise<Partial<Record<string, ModelSpeed>>> {
  try {
    const stored: object = JSON.parse(await readFile(fileIn(modelsFolder), 'utf8'));
    return Object.fromEntries(
      Object.entries(stored).flatMap(([name, speed]) => {
        const { data } = modelSpeedSchema.safeParse(speed);
        return data ? [[name, data]] : [];
      }),
    );
  } catch {
    return {};
  }
}

/** Remembers how fast a model is on this machine. */
export async function keepSpeed(modelsFolder: string, name: string, speed: ModelSpeed): Promise<void> {
  await mkdir(modelsFolder, { recursive: true });
  const path = fileIn(modelsFolder);
  const next = { ...(await readSpeeds(modelsFolder)), [name]: speed };
  const temporary = `${path}.${randomUUID()}.part`;
  await writeFile(temporary, JSON.stringify(next, null, 2));
  await rename(temporary, path);
}
