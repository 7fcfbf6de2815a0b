import ts from 'typescript';

/** One import, export-from, `import()` or `require()` of a source file. */
export interface ImportedModule {
  readonly specifier: string;
  /** 1-based. */
  readonly line: number;
  /** True when it is erased at run time. */
  readonly typeOnly: boolean;
}

/** What the layer rules need to know of one file. */
export interface SourceFacts {
  readonly imports: readonly ImportedModule[];
  /** 1-based lines that read `process.env`. */
  readonly environmentLines: readonly number[];
}

/** Reads a TypeScript or TSX file's text. `path` is only used to tell `.tsx` apart. */
export function readSourceFacts(path: string, text: string): SourceFacts {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const imports: ImportedModule[] = [];
  const environmentLines: number[] = [];
  const lineOf = (node: ts.Node) => file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;

  const visit = (node: ts.Node): void => {
    const found = importOf(node);
    if (found !== null) imports.push({ ...found, line: lineOf(node) });
    if (readsEnvironment(node)) environmentLines.push(lineOf(node));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return { imports, environmentLines };
}

function importOf(node: ts.Node): Omit<ImportedModule, 'line'> | null {
  if (ts.isImportDeclaration(node)) return literal(node.moduleSpecifier, isErasedImport(node));
  if (ts.isExportDeclaration(node)) return literal(node.moduleSpecifier, node.isTypeOnly);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return literal(node.argument.literal, true);
  if (ts.isCallExpression(node) && (node.expression.kind === ts.SyntaxKind.ImportKeyword || isRequire(node))) {
    return literal(node.arguments[0], false);
  }
  return null;
}

function literal(node: ts.Node | undefined, typeOnly: boolean): Omit<ImportedModule, 'line'> | null {
  return node !== undefined && ts.isStringLiteralLike(node) ? { specifier: node.text, typeOnly } : null;
}

/** `import { type A }` stays at run time as `import {}`, so only a leading `type` counts. */
function isErasedImport(node: ts.ImportDeclaration): boolean {
  return node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
}

function isRequire(node: ts.CallExpression): boolean {
  return ts.isIdentifier(node.expression) && node.expression.text === 'require';
}

function readsEnvironment(node: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(node)) return isProcess(node.expression) && node.name.text === 'env';
  if (ts.isElementAccessExpression(node)) {
    return (
      isProcess(node.expression) &&
      ts.isStringLiteralLike(node.argumentExpression) &&
      node.argumentExpression.text === 'env'
    );
  }
  if (ts.isVariableDeclaration(node) && node.initializer !== undefined && isProcess(node.initializer)) {
    return ts.isObjectBindingPattern(node.name) && node.name.elements.some((element) => nameOf(element) === 'env');
  }
  if (ts.isImportSpecifier(node)) {
    const module = node.parent.parent.parent;
    const from =
      ts.isImportDeclaration(module) && ts.isStringLiteral(module.moduleSpecifier) ? module.moduleSpecifier.text : '';
    return (from === 'node:process' || from === 'process') && (node.propertyName ?? node.name).text === 'env';
  }
  return false;
}

function isProcess(node: ts.Expression): boolean {
  if (ts.isPropertyAccessExpression(node)) {
    return node.name.text === 'process' && ts.isIdentifier(node.expression) && node.expression.text === 'globalThis';
  }
  return ts.isIdentifier(node) && node.text === 'process';
}

function nameOf(element: ts.BindingElement): string {
  const name = element.propertyName ?? element.name;
  return ts.isIdentifier(name) ? name.text : '';
}
