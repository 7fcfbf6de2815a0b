import ts from 'typescript';

/** The names a source file offers. */
export interface SourceNames {
  /** What it exports. */
  exported: ReadonlySet<string>;
  /** Members of its classes and functions of its object literals, bare (`start`) and with their class (`Worker.start`). */
  members: ReadonlySet<string>;
}

/** Reads the names of a TypeScript or TSX file's text. */
export function sourceNames(path: string, text: string): SourceNames {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const exported = new Set<string>();
  const members = new Set<string>();
  for (const statement of file.statements)
    if (isExported(statement)) for (const name of namesOf(statement)) exported.add(name);
  const visit = (node: ts.Node): void => {
    const name = memberName(node);
    if (name !== undefined) {
      members.add(name);
      const owner = node.parent;
      if ((ts.isClassDeclaration(owner) || ts.isInterfaceDeclaration(owner)) && owner.name)
        members.add(`${owner.name.text}.${name}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return { exported, members };
}

function isExported(statement: ts.Statement): boolean {
  return (
    ts.canHaveModifiers(statement) &&
    (ts.getModifiers(statement) ?? []).some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword)
  );
}

function namesOf(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) => (ts.isIdentifier(name) ? name.text : []));
  if (
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement)
  )
    return statement.name ? [statement.name.text] : [];
  return [];
}

function memberName(node: ts.Node): string | undefined {
  const isFunction =
    ts.isMethodDeclaration(node) ||
    ts.isMethodSignature(node) ||
    (ts.isPropertyAssignment(node) && ts.isArrowFunction(node.initializer));
  return isFunction && ts.isIdentifier(node.name) ? node.name.text : undefined;
}
