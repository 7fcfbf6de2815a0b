import { findViolations } from './rules.ts';
import { layers } from './table.ts';
import { readWorkspace } from './workspace.ts';

/** Judges the workspace below `root` and prints each line that stands in the wrong room. Answers whether there was none. */
export function checkLayers(root: string): boolean {
  const workspace = readWorkspace(root);
  const violations = findViolations(workspace, layers);
  for (const { where, message } of violations) console.error(`${where} ${message}`);
  const files = workspace.packages.reduce((sum, one) => sum + one.files.length, 0);
  console.log(
    `layers: ${files} files in ${workspace.packages.length} packages, ${violations.length} in the wrong room`,
  );
  return violations.length === 0;
}
