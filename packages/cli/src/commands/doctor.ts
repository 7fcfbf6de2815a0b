import { styleText } from 'node:util';
import { loadConfig } from '@imaginarium/server/config';
import { examine } from '@imaginarium/server/doctor';
import type { Command } from 'commander';
import { editorFolder, nodePackages } from '../installed.ts';

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('Check this machine, and say how to mend what is wrong')
    .option('--port <number>', 'port to check (IMAGINARIUM_PORT)')
    .option('--data <folder>', 'data folder to check (IMAGINARIUM_DATA_DIR)')
    .option('--json', 'print what was found as JSON')
    .action(async ({ port, data, json }: { port?: string; data?: string; json?: boolean }) => {
      const config = loadConfig(process.env, { port, dataDir: data });
      const packages = await nodePackages(config.nodePackages);
      const found = examine(config, { packages, editorFolder: editorFolder() });
      if (json) {
        const findings = await Array.fromAsync(found);
        console.log(JSON.stringify(findings));
        process.exitCode = findings.some(({ state }) => state === 'bad') ? 1 : 0;
        return;
      }
      let failed = 0;
      for await (const { name, state, message, remedy } of found) {
        const mark = { good: styleText('green', '✓'), note: styleText('yellow', '!'), bad: styleText('red', '✗') }[
          state
        ];
        console.log(`${mark} ${name.padEnd(16)} ${message}`);
        if (remedy) console.log(`  ${' '.repeat(16)} ${styleText('dim', remedy)}`);
        if (state === 'bad') failed++;
      }
      console.log(failed === 0 ? 'All is well.' : `${failed} ${failed === 1 ? 'thing needs' : 'things need'} mending.`);
      process.exitCode = failed === 0 ? 0 : 1;
    });
}
